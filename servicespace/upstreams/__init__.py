"""The systems that are not embedded: what the settings say of them, how they are wired and looked after."""
