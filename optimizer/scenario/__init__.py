"""What the planner states: frozen models, reading and writing, checks that need no ground."""
