"""Makes scenarios of any size on any theatre, for trying out and for measuring."""
