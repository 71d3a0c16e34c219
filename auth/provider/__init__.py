"""Our own OpenID provider: Authlib's grants, which do no I/O, between a look-up before and a write after."""
