"""Areas and changes of a scenario as the layers of a GeoPackage, to be drawn in QGIS, and back."""
