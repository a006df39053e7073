"""What is outside the tutor: the learner's editor, browser and downloads."""
