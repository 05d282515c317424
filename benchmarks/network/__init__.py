"""Ground and ways measured beside the tools that people would use instead."""
