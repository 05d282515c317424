"""Why something is undelivered: proved, else observed, else only that the time ran out."""
