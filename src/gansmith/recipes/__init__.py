"""Real data sets that package managers bring: what they are, and how they get into the cache."""
