"""A run's picture is its curve, saved as any figure is."""

from types import SimpleNamespace

from tests.tutor.homes import samples
from tutor.handin.pictures import png
from tutor.report.saving.file import made
from tutor.report.saving.shown import Shown
from tutor.tutorial.run_curve import chart, figure


def view(rows=()):
    run = SimpleNamespace(kind="evaluate", result=None)
    return SimpleNamespace(run=run, samples=tuple(rows), metrics={})


def test_it_is_drawn_as_figures_are_with_a_whole_share_from_top_to_foot():
    seen = view(samples(20, right=3, of=4))
    assert png(seen) == made(Shown(chart(figure(seen)), holds=(0.0, 1.0)), ".png")
    assert png(seen) != made(Shown(chart(figure(seen))), ".png")


def test_of_nothing_there_is_none():
    assert png(view()) is None
