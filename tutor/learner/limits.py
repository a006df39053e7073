"""How much is asked in reviews, unless the learner's settings say otherwise."""

SESSION = 20
"""Questions of one review."""
DAILY = 40
"""Questions of all reviews of one day."""
