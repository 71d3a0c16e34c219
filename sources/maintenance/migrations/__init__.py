"""The migrations of maintenance's own tables."""
