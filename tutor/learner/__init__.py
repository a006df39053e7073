"""What is known about the learner: attempts, points, slips, and when a question comes back."""

from tutor.learner.record import Learner

__all__ = ["Learner"]
