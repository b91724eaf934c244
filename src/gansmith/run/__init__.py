"""The run directory: the only interface between training and all that comes after it."""
