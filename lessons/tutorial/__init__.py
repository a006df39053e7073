"""The tutorial: from a 4-bit load to a scored cascade, in five tasks of 100 points."""
