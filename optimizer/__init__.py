"""Everything about planning; knows nothing of briefings, pages or language models."""
