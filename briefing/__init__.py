"""From a plan to words: facts, phrases, documents."""
