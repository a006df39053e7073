"""Labs computed beside the tutor, in a process of their own."""
