"""What the fleet could do for each demand alone, and into which tasks that splits it."""
