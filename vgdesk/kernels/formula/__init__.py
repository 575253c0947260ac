"""An activation of one's own in training: its tree as a program for a small stack machine. No code is generated."""
