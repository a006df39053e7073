"""Cascades: a small model answers; where its samples disagree, a large one is asked.

Nothing here loads a model. Samples and answers are read as data, so a policy is tried out in
milliseconds on samples that were drawn once.
"""
