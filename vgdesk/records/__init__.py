"""What was found: read-only records that cross process borders. NumPy and msgspec only."""
