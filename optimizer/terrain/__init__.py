"""Theatres: build, read, draw; elevation, land cover, water and weather."""
