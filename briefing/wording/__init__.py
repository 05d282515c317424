"""The phrase banks, French and English."""
