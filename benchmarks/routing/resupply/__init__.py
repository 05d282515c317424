"""Resupply scenarios: Convoi beside a model of OR-Tools, judged by the verifier of plans."""
