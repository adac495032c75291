"""Compares the decisions of a run as counted by its callers, on the topic and in SQL."""
