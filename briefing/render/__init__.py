"""Files for people and for other tools."""
