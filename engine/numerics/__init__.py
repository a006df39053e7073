"""Numbers in few bits: what they take, and later how they are laid out and rounded."""
