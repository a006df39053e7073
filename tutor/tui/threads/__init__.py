"""What takes longer than a frame, on threads of its own: the lessons, the runs, errands."""
