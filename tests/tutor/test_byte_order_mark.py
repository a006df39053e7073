"""Editors of Windows put a mark before UTF-8: every file that a learner may write is read so."""

from __future__ import annotations

import json

import pytest

from engine.cascades import prices
from engine.data.problems import DataSpec
from engine.hosted import services
from engine.runs.home import Home
from engine.training import chat_format
from tutor import config
from tutor.tui.classroom import exercise as exercises
from tutor.tutorial import settings as tuning

MARK = "\ufeff"


def marked(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(MARK + text, encoding="utf-8")
    return file


def theme(folder):
    return config.read(marked(folder / "config.toml", 'theme = "light"')).theme


def theme_after_a_change(folder):
    file = marked(folder / "config.toml", 'theme = "light"')
    return config.change(file, editor="vi").theme


def rank(folder):
    marked(tuning.path(Home(folder)), "[sft]\nlora_r = 16")
    return tuning.read(Home(folder)).tuning.lora_r


def price(folder):
    marked(folder / prices.FILE, "[default]\ninput = 1\noutput = 2")
    return prices.read(folder).default.output


def tries(folder):
    marked(folder / services.FILE, "[gemini]\ntries = 7")
    return services.read("gemini:gemma", folder).tries


def golds(folder):
    marked(folder / "train.jsonl", "")
    marked(folder / "test.jsonl", json.dumps({"question": "Why?", "answer": "#### 4"}))
    asked = DataSpec(source="gsm8k", path=str(folder), limit=0).problems()
    return [problem.gold for problem in asked]


def answer(folder):
    row = {"prompt": "Why?", "completion": "#### 4"}
    [pair] = chat_format.read(marked(folder / "a.jsonl", json.dumps(row)))
    return pair.answer


def code(folder):
    text, _ = exercises.read(marked(folder / "code.py", "x = 1"))
    return text


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        (theme, "light"), (theme_after_a_change, "light"), (rank, 16), (price, 2), (tries, 7),
        (golds, ["4"]), (answer, "#### 4"), (code, "x = 1"),
    ],
)  # fmt: skip
def test_the_mark_is_no_part_of_what_is_read(tmp_path, read, wanted):
    assert read(tmp_path) == wanted
