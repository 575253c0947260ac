"""Use cases that combine the routes: derive, train, verify. Plain functions and generators, no window."""
