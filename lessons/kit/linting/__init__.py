"""What `tutor lint` looks for, a module for each kind of thing that a lesson has."""
