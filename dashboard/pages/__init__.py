"""Pages: each has a layout and its callbacks."""
