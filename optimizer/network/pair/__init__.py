"""One pair of places told in full: the command ``convoi terrain path`` and what it asks."""
