"""The tutorial: its chain of runs, the five tasks, their settings, and how they stand."""
