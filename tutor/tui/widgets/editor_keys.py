"""The keys of the file: Textual's own where it has them, each with a sentence for the help."""

from __future__ import annotations

from tutor.tui.keys import key

_KEYS = (
    ("tab", "indent", "indent", "One step to the right: the selected lines, or from the cursor."),
    ("shift+tab", "dedent", "dedent", "One step to the left: the line, or the selected ones."),
    (
        "ctrl+underscore,ctrl+slash,f9", "comment", "comment",
        "Make the line, or the selected ones, a comment; again, and it is code.",
    ),
    ("ctrl+z,super+z", "undo", "undo", "Take back what was typed last."),
    ("ctrl+y,super+y", "redo", "redo", "Do again what was taken back."),
    ("ctrl+c,super+c", "copy", "copy", "Copy what is selected."),
    ("ctrl+x,super+x", "cut", "cut", "Cut out what is selected; nothing selected: the line."),
    ("ctrl+v", "paste", "paste", "Paste what was copied or cut here."),
    ("f7", "select_all", "select all", "Select the whole file."),
    ("f6", "select_line", "select line", "Select the line."),
    ("shift+up", "cursor_up(True)", "select up", "Select up to the row above."),
    ("shift+down", "cursor_down(True)", "select down", "Select down to the row below."),
    ("shift+left", "cursor_left(True)", "select left", "Select the character before."),
    ("shift+right", "cursor_right(True)", "select right", "Select the character after."),
    ("ctrl+shift+left", "cursor_word_left(True)", "select word", "Select back to the word before."),
    ("ctrl+shift+right", "cursor_word_right(True)", "select word", "Select on to the word after."),
    ("shift+home", "cursor_line_start(True)", "select to start", "Select to the row's beginning."),
    ("shift+end", "cursor_line_end(True)", "select to end", "Select to the row's end."),
    ("up", "cursor_up", "up", "To the row above."),
    ("down", "cursor_down", "down", "To the row below."),
    ("left", "cursor_left", "left", "To the character before."),
    ("right", "cursor_right", "right", "To the character after."),
    ("ctrl+left", "cursor_word_left", "word left", "To the word before."),
    ("ctrl+right", "cursor_word_right", "word right", "To the word after."),
    ("home", "cursor_line_start", "line start", "To the row's first letter, then its beginning."),
    ("end,ctrl+e", "cursor_line_end", "line end", "To the row's end."),
    ("ctrl+home", "top", "top", "To the top of the file."),
    ("ctrl+end", "bottom", "bottom", "To the bottom of the file."),
    ("pageup", "cursor_page_up", "page up", "A window up."),
    ("pagedown", "cursor_page_down", "page down", "A window down."),
    ("backspace", "delete_left", "delete", "Delete what is before the cursor, or an indent."),
    ("delete,ctrl+d", "delete_right", "delete", "Delete what is under the cursor."),
    (
        "ctrl+w,ctrl+backspace,alt+backspace", "delete_word_left", "delete word",
        "Delete back to the beginning of the word.",
    ),
    ("alt+delete", "delete_word_right", "delete word", "Delete to the end of the word."),
    (
        "ctrl+u,super+backspace", "delete_to_start_of_line", "delete to start",
        "Delete to the row's beginning.",
    ),
    (
        "ctrl+k", "delete_to_end_of_line_or_delete_line", "delete to end",
        "Delete to the row's end; of an empty line, the line.",
    ),
    ("ctrl+shift+k", "delete_line", "delete line", "Delete the line, or the selected ones."),
)  # fmt: skip
KEYS = [key(keys, action, label, tooltip, show=False) for keys, action, label, tooltip in _KEYS]
"""Every key of the file that types nothing."""
