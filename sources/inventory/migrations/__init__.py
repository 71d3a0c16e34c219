"""The migrations of inventory's own tables."""
