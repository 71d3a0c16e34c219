"""How an operation runs, whatever the schema: documents, limits, execution."""
