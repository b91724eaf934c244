"""Judging trained runs: one run in numbers, and several side by side."""
