"""What the commands print: plain text for people, one JSON object for programs."""
