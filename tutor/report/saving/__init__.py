"""A figure as a file: a picture for a slide or for print (SVG, PNG), or its numbers (TSV)."""
