from dataclasses import replace

import pytest

from engine.cascades.score import points
from engine.chain.card import card
from engine.chain.size import Size
from lessons.kit.course.course import load
from tutor.tui.words import score_card as scoring
from tutor.tutorial import settings as tuning
from tutor.tutorial import size_words
from tutor.tutorial.reader import Reader

UNIT = load().unit("tutorial")


def seen(hand):
    reader = Reader(hand.home)
    snapshot = reader.look(None)
    reader.close()
    return snapshot


def test_the_five_tasks_stand_above_with_the_run_that_earned_each(hand):
    ids = hand.chain()
    lines = scoring.tasks(UNIT, seen(hand)).plain.splitlines()
    assert lines[0].startswith("42.5 of 100 points")
    told = [" ".join(line.split()) for line in lines[2:]]
    assert all(map(str.startswith, told, (stage.name for stage in UNIT.stages)))
    assert told[2] == f"Fine-tune ● 20 of 20 run {ids['student']}: EM 0.46"
    assert f"◐ 22.5 of 30 run {ids['cascade']}: EM 0.71, saving 27%" in told[4]
    assert max(map(len, lines)) <= 75


def test_points_stay_when_other_settings_are_chosen(hand):
    """They are the best of all runs, not those of the chain that is chosen."""
    hand.chain()
    tuning.change(hand.home, {"lora_r": 8})
    now = seen(hand)
    assert "student" not in now.stages
    assert now.points == 42.5


def test_every_figure_stands_with_its_interval_and_points(hand):
    ids = hand.chain()
    words = scoring.figures(card(hand.client, ids)).plain
    lines = words.splitlines()
    assert "As chosen now  on 100 test problems" in lines
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
    assert lines[2] == size_words.in_short(Size(400, 100))
    assert "This size is small." in words


def test_what_is_not_known_is_a_dash(hand):
    ids = hand.chain(upto="student")
    words = scoring.figures(card(hand.client, {"baseline": ids["baseline"]})).plain
    assert "○ – of 20" in words


def test_missing_points_come_with_what_brings_them(hand):
    hand.chain()
    words = scoring.advice(UNIT, seen(hand)).plain
    assert "Money saved, 7.5 points more" in words
    assert "on validation" not in words, "where the policy earned all there, nothing is advised"
    assert "Student, fine-tuned," not in words


def test_temperature_is_named_where_samples_are_weak(hand):
    hand.chain()
    now = seen(hand)
    assert "at a lower temperature samples agree more often" in scoring.advice(UNIT, now).plain
    assert "a single sample is right" not in scoring.advice(UNIT, now).plain
    weak = replace(now, card=replace(now.card, sample_em=0.17))
    told = "At temperature 0.7 a single sample is right in 0.17, a greedy answer in 0.46"
    assert told in scoring.advice(UNIT, weak).plain


def test_a_saving_for_nothing_is_said_beside_its_points(hand):
    done = card(hand.client, hand.chain())
    told = "but nothing that this cascade answered was right"
    assert told not in scoring.figures(done).plain
    nothing = replace(done, cascade_em=0.0, points=points(cascade_em=0.0, cost_saving=0.3))
    assert told in scoring.figures(nothing).plain


def test_an_unfinished_chain_is_to_be_run_first(hand):
    hand.chain(upto="sft")
    assert "still to run" in scoring.advice(UNIT, seen(hand)).plain


def test_the_references_settings_are_said_to_bring_nothing(hand):
    hand.chain(settings="reference")
    now = seen(hand)
    assert now.choice.settings == "reference"
    assert now.points == 0
    assert "The reference's settings bring no points" in scoring.advice(UNIT, now).plain


@pytest.mark.parametrize("width", [55, 75, 115])
def test_no_line_is_longer_than_its_place_and_no_word_is_lost(hand, width):
    ids = hand.chain()
    now = seen(hand)
    long = tuple(replace(task, run=task.run and 123_456) for task in now.tasks)
    shown = (
        scoring.tasks(UNIT, replace(now, tasks=long), width),
        scoring.figures(card(hand.client, ids), width),
    )
    lines = [line for words in shown for line in words.plain.splitlines()]
    assert max(map(len, lines)) <= width
    words = " ".join(" ".join(lines).split())
    for told in ("run 123456: EM 0.71, saving 27%", "15 ≥ 0.30 · 7.5 ≥ 0.15", "◐ 7.5 of 15"):
        assert told in words
