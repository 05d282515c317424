"""Aircraft: straight legs at one level, and the shortest ways around areas closed to flying."""
