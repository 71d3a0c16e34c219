"""The migrations of ticketing's own tables."""
