"""The account of one run: what its callers were answered, what the topic tells, what SQL counted."""
