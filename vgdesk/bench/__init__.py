"""Measurements printed by `vgdesk bench`; no test asserts a time."""
