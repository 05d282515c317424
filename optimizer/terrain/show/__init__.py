"""Draws a theatre as a map."""
