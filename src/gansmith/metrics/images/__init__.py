"""Measures of images: one file a measure."""
