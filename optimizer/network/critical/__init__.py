"""Critical roads and bridges: the command ``convoi terrain critical`` and what it tells."""
