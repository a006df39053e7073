"""Runs that a lab or the learner's own code computes, in the worker's process."""
