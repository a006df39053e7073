"""The compute: everything here is useful from a plain Python prompt, and knows no screen."""
