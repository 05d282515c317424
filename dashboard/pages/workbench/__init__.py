"""The workbench: the map, the plan, its words, and what can be done about it."""
