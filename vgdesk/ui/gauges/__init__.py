"""The window watched from within: how long it takes to start and to follow, and what it looks like then."""
