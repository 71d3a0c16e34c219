"""The pages and endpoints by which people and clients prove who they are."""
