"""What a client may ask: GraphQL types, one concept a file; fields are declared, never computed."""
