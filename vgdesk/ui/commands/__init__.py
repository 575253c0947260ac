"""What the actions do: small functions of the window, one file per menu."""
