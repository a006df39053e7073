"""The learner's own code in runs."""
