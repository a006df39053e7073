"""A course's folders, read: units, lessons, steps, exercises."""
