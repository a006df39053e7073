"""What the course is written with and read by."""
