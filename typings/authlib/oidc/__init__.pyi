# What the provider uses of Authlib 1.9.9, which has no types of its own.
