"""What the thread of the lessons works with, and hands to the lesson screens."""
