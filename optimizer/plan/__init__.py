"""The answer: model, metrics, difference between two plans."""
