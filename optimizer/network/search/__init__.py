"""Searches: over the cells of open ground, and in the small graph."""
