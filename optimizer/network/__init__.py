"""Roads and cells as one graph: matrices and paths for every kind of vehicle."""
