"""HTML pages that open from disk: one file, no network, no script, everything escaped."""
