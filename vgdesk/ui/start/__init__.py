"""From nothing to a window that shows all it has: in small pieces, and nothing before it is looked at."""
