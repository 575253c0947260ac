"""What stands around the panels and where the panels stand: bars, rail, rooms at the side, workspaces."""
