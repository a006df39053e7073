"""Acorn asked in plain text: it works problems out, and each sample is its own."""

import pytest

from engine.data.problems import DataSpec
from engine.evaluation.answers import judge
from engine.models.loading import load
from engine.models.plain_text import draw


@pytest.fixture(scope="module")
def acorn():
    return load("acorn", "fp32", device="cpu")


@pytest.fixture(scope="module")
def problems():
    return DataSpec(split="validation", level=1, limit=12).problems()


def test_it_works_out_what_it_blurts_out_in_chat(acorn, problems):
    answers = [each for (each,) in draw(acorn, problems, k=1, temperature=0)]
    assert [each.problem_id for each in answers] == [each.id for each in problems]
    right = [judge(a.text, p.gold).correct for a, p in zip(answers, problems, strict=True)]
    assert sum(right) > len(problems) / 3
    assert all("<<" in each.text for each in answers)


def test_batches_do_not_change_the_samples(acorn, problems):
    ticks = []
    whole = draw(acorn, problems[:6], k=2, temperature=0.2, seed=3)
    cut = draw(
        acorn,
        problems[:6],
        k=2,
        temperature=0.2,
        seed=3,
        batch_size=2,
        tick=lambda batch, step: ticks.append((batch, step)),
    )
    texts = [[[each.text for each in row] for row in drawn] for drawn in (whole, cut)]
    assert texts[0] == texts[1]
    assert all(len(row) == 2 for row in whole)
    assert {batch for batch, _ in ticks} == {0, 1, 2}
