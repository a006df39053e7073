"""What is known about the learner: attempts, points, slips, and when a question comes back."""
