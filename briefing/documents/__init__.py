"""The documents: each chooses and orders what is said."""
