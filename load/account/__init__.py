"""The account of a run: what its callers were answered, what topic and SQL tell of it."""
