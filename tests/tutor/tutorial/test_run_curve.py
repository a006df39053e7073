from types import SimpleNamespace

from tests.tutor.homes import SCORES, samples
from tutor.tutorial.run_curve import figure, running_em


def view(kind, samples=(), metrics=None, result=None):
    run = SimpleNamespace(kind=kind, result=result)
    return SimpleNamespace(run=run, samples=tuple(samples), metrics=metrics or {})


def test_running_em_is_the_share_right_so_far():
    rows = samples(4, right=1, of=2)
    assert running_em(rows) == ((1.0, 1.0), (2.0, 0.5), (3.0, 2 / 3), (4.0, 0.5))


def test_the_caption_says_what_the_curve_shows():
    rows = samples(100, right=3, of=4)
    assert figure(view("evaluate", rows)).caption == "EM so far 0.75, 100 judged"
    assert figure(view("teach", rows)).caption == "right so far 0.75, 100 judged"


def test_loss_is_a_line_and_validation_marks():
    metrics = {"loss": ((5, 1.2), (10, 0.6)), "validation_loss": ((10, 0.7),)}
    drawn = figure(view("sft", metrics=metrics))
    assert drawn.caption == "loss 1.20 to 0.60, validation 0.70"
    assert [line.joined for line in drawn.lines] == [True, False]


def test_a_cascade_shows_its_policies_and_the_one_chosen():
    drawn = figure(view("cascade", result=SCORES["cascade"]))
    policies, chosen = drawn.lines
    assert len(policies.points) == 9
    assert chosen.points == ((0.27, 0.71),)


def test_before_there_is_anything_the_caption_says_what_will_come():
    for kind in ("sft", "evaluate", "teach", "sample", "cascade"):
        assert figure(view(kind)).lines == ()
        assert figure(view(kind)).caption
