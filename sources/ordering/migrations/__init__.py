"""The migrations of ordering's own tables."""
