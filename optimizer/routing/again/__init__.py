"""Planning again: what of an earlier plan is decided, and what the search begins with."""
