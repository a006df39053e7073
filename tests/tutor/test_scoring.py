from engine.runs.card import card
from lessons.kit.course import load
from tutor import scoring
from tutor.reader import Reader

UNIT = load().unit("tutorial")


def seen(hand):
    reader = Reader(hand.home)
    snapshot = reader.look(None)
    reader.close()
    return snapshot


def test_every_figure_stands_with_its_interval_and_points(hand):
    ids = hand.chain()
    words = scoring.figures(card(hand.client, ids)).plain
    assert words.startswith("42.5 of 50 points  on 100 test problems")
    lines = words.splitlines()
    for name, figure, interval in (
        ("Student as shipped", "0.09", "0.05 to 0.16"),
        ("Teacher", "0.93", "0.86 to 0.97"),
        ("Student, fine-tuned", "0.46", "● 20 of 20"),
        ("Cascade", "0.71", "● 15 of 15"),
        ("Money saved", "27%", "◐ 7.5 of 15"),
    ):
        line = next(line for line in lines if line.startswith(name))
        assert figure in line
        assert interval in line
    assert max(map(len, lines)) <= 75, "one line each, beside a scrollbar, in 80 columns"


def test_what_is_not_known_is_a_dash(hand):
    ids = hand.chain(upto="student")
    words = scoring.figures(card(hand.client, {"baseline": ids["baseline"]})).plain
    assert "○ – of 20" in words


def test_missing_points_come_with_what_brings_them(hand):
    hand.chain()
    words = scoring.advice(UNIT, seen(hand)).plain
    assert "Money saved, 7.5 points more" in words
    assert "threshold 0.4 gives EM 0.66 and saves 46%: 7.5 points more" in words
    assert "Student, fine-tuned," not in words


def test_an_unfinished_chain_is_to_be_run_first(hand):
    hand.chain(upto="sft")
    assert "still to run" in scoring.advice(UNIT, seen(hand)).plain
