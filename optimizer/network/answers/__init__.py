"""What is told of ways once they are found: their course, why there is none, what was assumed."""
