"""Turns state into scenes and hands them to the panels."""
