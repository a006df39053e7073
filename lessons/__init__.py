"""The course: what is taught, in which order, and what it is worth. Knows no screen."""
