"""What can be chosen, and the paths that are told beside it."""

ABOUT = {
    "theme": "The colours. `terminal` uses your terminal's own sixteen.",
    "plot_symbols": "What figures are drawn with. ascii works in every font, none tells numbers.",
    "device": "Where the tutorial's runs compute. Commands have --device.",
    "review_session": "Questions of one review, at most. In the file it may be any whole number.",
    "review_day": "Questions of all reviews of a day, at most; the most forgotten come first.",
    "editor": "The command that opens an exercise's file; empty for what your shell names.",
}
LABELS = {
    "plot_symbols": "plot symbols", "editor": "$EDITOR",
    "review_session": "a review asks", "review_day": "a day asks",
}  # fmt: skip
PATHS = {
    "home": "The folder of your record, your exercises and your runs.",
    "settings": "The file that keeps what is chosen here, for all homes; XDG_CONFIG_HOME moves it.",
    "exercises": "The files that you write.",
    "runs' files": "Checkpoints, adapters, samples and logs of each run.",
    "logs": "What went wrong, for who mends it.",
}
"""Where things are: what lies there."""
