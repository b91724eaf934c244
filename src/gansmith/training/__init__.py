"""Training: it plays the phases of any method and names none."""
