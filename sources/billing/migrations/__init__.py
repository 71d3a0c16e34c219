"""The migrations of billing's own tables."""
