"""The application: settings, wiring, HTTP, the command line, demo data."""
