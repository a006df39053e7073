"""Problems: questions with a gold answer, from a generator or a file."""
