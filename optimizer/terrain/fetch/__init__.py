"""Gets elevation, land cover and OpenStreetMap for a box from their public homes."""
