"""Where one begins: a bundled scenario, a file, or the last work."""
