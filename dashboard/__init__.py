"""The screen: pages, components, the map; it draws what the other rooms know."""
