"""The small graph of a profile: roads, ways over open ground, sites."""
