"""The command-line twins of the screens. Each module imports click alone until it is called."""
