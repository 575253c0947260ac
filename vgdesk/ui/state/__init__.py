"""What the window holds: objects without widgets that ask the engine and tell of changes."""
