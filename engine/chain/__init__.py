"""What a chain of runs means: its stages, its score, its points, its comparison."""
