"""The screens, one a file; `room` is what they share."""
