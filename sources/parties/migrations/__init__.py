"""The migrations of the parties."""
