"""Pictures from plain arrays and files: image grids, point clouds, animations and loss curves."""
