"""The tutor on screens: the only room that knows Textual."""
