"""The tutorial's stages are the pipeline's, no more and no fewer, and its points are the bands'."""

from engine.cascades.score import BANDS, MOST
from engine.runs.pipeline import build
from lessons.kit.course import load

TUTORIAL = load().unit("tutorial")


def test_every_run_of_the_pipeline_belongs_to_one_stage():
    kinds = {stage.name: stage.kind for stage in build("quick")}
    told = [pair for stage in TUTORIAL.stages for pair in zip(stage.runs, stage.kinds, strict=True)]
    assert dict(told) == kinds
    assert len(told) == len(kinds)


def test_every_band_is_graded_in_one_stage():
    graded = [measure for stage in TUTORIAL.stages for measure in stage.graded]
    assert sorted(graded) == sorted(band.measure for band in BANDS)
    assert TUTORIAL.points == MOST


def test_there_are_five():
    assert len(TUTORIAL.stages) == 5
