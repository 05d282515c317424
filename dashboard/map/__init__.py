"""The map: base layers made from a theatre, a Python face, and one JavaScript file."""
