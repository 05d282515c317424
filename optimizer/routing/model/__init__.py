"""The integer problem: a scenario over its ground, as the search sees it."""
