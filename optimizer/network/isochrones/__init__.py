"""Isochrones: how far a class gets in a time, by roads and over open ground, and their map."""
