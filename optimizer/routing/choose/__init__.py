"""Which of the routes found are driven: the pool of them, and the master (CP-SAT)."""
