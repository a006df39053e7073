"""The tutorial's stages are the pipeline's, no more and no fewer; five tasks, 100 points."""

import pytest

from engine.cascades.score import BANDS, MOST
from engine.chain.pipeline import build
from lessons.kit.course.course import load
from lessons.kit.course.lesson import lesson

TUTORIAL = load().unit("tutorial")


def test_every_run_of_the_pipeline_belongs_to_one_stage():
    kinds = {stage.name: stage.kind for stage in build("quick")}
    told = [pair for stage in TUTORIAL.stages for pair in zip(stage.runs, stage.kinds, strict=True)]
    assert dict(told) == kinds
    assert len(told) == len(kinds)


def test_the_points_are_those_of_the_tutorial():
    points = {stage.number: stage.points for stage in TUTORIAL.stages}
    assert points == {"1.1.2": 10, "2.1": 20, "2.2": 20, "3.1": 20, "3.2": 30}
    assert TUTORIAL.points == sum(points.values()) == 100


def test_every_band_is_graded_in_one_stage():
    graded = {stage.points: stage.graded for stage in TUTORIAL.stages if stage.graded}
    assert sorted(name for names in graded.values() for name in names) == sorted(
        band.measure for band in BANDS
    )
    most = {band.measure: band.most for band in BANDS}
    for points, names in graded.items():
        assert points == sum(most[name] for name in names)
    assert MOST == 50


def test_an_exercises_points_are_the_tasks():
    for stage in TUTORIAL.stages:
        if stage.exercise in TUTORIAL.lessons:
            steps = lesson(f"tutorial/{stage.exercise}").steps
            assert [s.points for s in steps if s.kind == "exercise"] == [stage.points]


@pytest.mark.parametrize("stage", TUTORIAL.stages, ids=lambda stage: stage.id)
def test_what_it_is_about_fits_on_one_line_of_its_card(stage):
    assert len(stage.about) <= 72
