"""The window: draws scenes, holds state, computes nothing."""
