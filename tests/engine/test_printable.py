"""No text from outside is a command to a terminal, and none is lost on the way to a program."""

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from engine.printable import one_line, printable, printable_json, without_commands

ANY = st.text(st.characters())
"""Of all characters, lone surrogates too."""


TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


def commands(text):
    """The characters that a terminal may obey: controls, and marks of direction."""
    return [
        each
        for each in text
        if (unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") and each not in "\n\t")
        or unicodedata.bidirectional(each) in TURNING
        or each in "\u200e\u200f\u061c"
    ]


@given(ANY | st.text(st.sampled_from("\x1b\x07\r\n\t\x9b\u202e\ud800a")))
def test_nothing_that_is_shown_is_a_command(text):
    for shown in (printable(text), one_line(text), printable_json([text])):
        assert not commands(shown)
        shown.encode()
    assert "\n" not in one_line(text) and "\t" not in one_line(text)
    assert json.loads(printable_json([text])) == [text]


def test_every_character_that_is_a_command_has_a_sign():
    every = [chr(code) for code in range(0x110000)]
    for each in commands(every):
        assert not commands(printable(each)) and printable(each), hex(ord(each))


def test_a_name_with_a_command_in_it_does_not_look_like_one_without():
    assert printable("ev\x1b]0;x\x07il") == "ev␛]0;x␇il"
    assert printable("a\rb\u202ec\x9bd\ud800") == "a␍b\ufffdc\ufffdd\ufffd"
    assert one_line("a\nb\tc") == "a␊b␉c"


def test_what_is_text_stays_as_it_is():
    text = "Привет, 日本語 👩‍👩‍👧 ½ ▁▂█⠿ é\tand\nlines"
    assert printable(text) is text
    assert printable("a\r\nb\x07") == "a\nb␇"


def test_where_there_is_no_room_for_a_sign_it_is_left_out():
    assert without_commands("ev\x1b]0;x\x07i\ud800l\n") == "ev]0;xi\ufffdl\n"
