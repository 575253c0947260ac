"""Scenes and derivations -> files."""
