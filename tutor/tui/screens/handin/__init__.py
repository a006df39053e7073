"""The room "Hand in", and a screen for each thing that is done in it."""
