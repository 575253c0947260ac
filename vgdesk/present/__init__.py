"""Results -> frozen scenes (plain data). The window draws a scene, an export writes the same scene, a test compares it."""
