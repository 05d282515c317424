"""Checks of a scenario against its ground: what the planner could not see in the document."""
