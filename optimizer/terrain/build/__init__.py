"""Builds a theatre from real data: OpenStreetMap, elevation, land cover."""
