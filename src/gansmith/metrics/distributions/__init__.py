"""Distances between distributions, exact where they can be, and measures of points."""
