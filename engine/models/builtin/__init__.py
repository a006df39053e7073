"""Acorn, the student, and oak, the teacher: two small models that this project trains and ships."""
