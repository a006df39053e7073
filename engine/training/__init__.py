"""Fine-tuning a student on a teacher's answers, so that a killed training loses nothing."""
