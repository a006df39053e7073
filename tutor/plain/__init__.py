"""The whole course by prompts: for screen readers, pipes, dumb terminals and bad links.

What is said goes to standard output, line by line and from top to bottom; nothing is ever redrawn.
An answer is a line; a word such as `hint` or `back` typed alone does what a key does on a screen.
"""
