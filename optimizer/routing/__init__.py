"""The solver: generators, the CP-SAT master, search; alone imports ortools and pyvrp."""
