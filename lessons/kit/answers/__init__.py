"""What learners type as an answer: read, compared, graded."""
