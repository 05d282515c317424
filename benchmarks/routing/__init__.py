"""The routing engine measured beside other solvers, on standard instances."""
