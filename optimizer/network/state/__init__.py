"""The ground as it stands: roads, sites, areas, changes; what is closed, and what a metre costs."""
