"""One call to a source for many keys: the loaders, made anew for each operation."""
