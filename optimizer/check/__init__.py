"""Checks of a scenario against its ground."""
