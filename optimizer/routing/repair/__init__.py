"""Exact steps from a solution to a better one: insert, give up, take out and bring back."""
