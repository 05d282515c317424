"""Boats: ways over the cells of navigable water, from landing to landing."""
