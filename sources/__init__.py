"""The systems behind us: one package each, with its records, its protocol and its implementations."""
