"""Made ground: a believable theatre from a seed, for exercises, tests and demonstrations."""
