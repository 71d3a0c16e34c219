"""How a field gets its value: plain async functions, for many parents at once."""
