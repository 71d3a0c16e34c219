"""Who asks, and what they may see: Users, access tokens, what ordered Solutions cover."""
