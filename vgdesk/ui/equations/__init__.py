"""Typeset equations on screen: laid out, painted, lit up and copied."""
