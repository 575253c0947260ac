"""What to study: frozen, validated descriptions. Standard library and msgspec only."""
