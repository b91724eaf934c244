"""A run as one page that opens from disk: what was trained, what came of it, how good it is."""
