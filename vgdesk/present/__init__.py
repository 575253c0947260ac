"""Results -> frozen scenes (plain data). What the window draws, a file holds too."""
