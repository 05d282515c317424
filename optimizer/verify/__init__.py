"""Recomputes a plan from scenario, plan and theatre; shares nothing with routing or network."""
