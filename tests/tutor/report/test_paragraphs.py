from tutor.report.paragraphs import wrapped


def test_prose_is_broken_between_words():
    text = "word " * 40
    lines = wrapped(text).splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= 78
    assert " ".join(lines).split() == text.split()


def test_short_lines_stay_as_they_are():
    text = "one\n\n  two\n    three"
    assert wrapped(text) == text


def test_what_is_laid_out_by_hand_is_not_touched():
    for line in ("    code " * 20, "| cell " * 20, "1.5   " * 20 + "2"):
        assert wrapped(line) == line


def test_items_of_a_list_hang():
    assert wrapped("- " + "word " * 20).splitlines()[1].startswith("  word")
    assert wrapped("  a  " + "word " * 20).splitlines()[1].startswith("     word")


def test_a_word_longer_than_the_line_stays_whole():
    word = "x" * 100
    assert wrapped(f"see {word} there") == f"see\n{word}\nthere"
