"""Runs studies in other processes, so that the window never computes."""
