"""Pages for people: signing in, passwords, one's account; plain HTML that needs no script."""
