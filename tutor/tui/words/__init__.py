"""What screens say: runs, tasks, the course, the score card, as styled text."""
