"""What keeps every rule, and how good it is: one route by itself, and routes together."""
