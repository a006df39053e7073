"""What the learner sees: screens in the terminal, and a command for every one of them."""

__version__ = "0.1.0"
