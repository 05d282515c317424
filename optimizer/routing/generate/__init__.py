"""Routes by PyVRP: what its runs are asked for, under which weights, and what they find."""
