"""Real input: files of facts, taken into the embedded store for one customer."""
