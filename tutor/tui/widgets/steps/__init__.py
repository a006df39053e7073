"""The steps of a lesson, one widget a kind."""
