"""`tutor lab`. What it computes comes from the real bench, in a process of its own."""

import pytest

from tests.tutor.lessons_here import halves
from tutor import config

STEP = "numbers/halves/predict/quarter"


def test_a_lab_waits_for_its_prediction(tutor, learner):
    done = tutor("lab", "halving", "times=2")
    assert done.exit_code == 2
    assert "First predict. How much of 100 is left after halving it twice?" in done.stderr
    assert "tutor lab halving --predict NUMBER" in done.stderr
    assert learner.history() == []


def test_a_prediction_and_what_was_measured(told, tutor, learner):
    said, code = told("lab", "halving", "--predict", "24")
    assert code == 0
    assert (said["said"], said["measured"], said["near"]) == (24, 25, True)
    assert said["off"] == pytest.approx(0.04)
    assert said["figure"]["values"] == {"left": 25}
    (attempt,) = learner.history(STEP)
    assert (attempt.outcome, attempt.typed) == ("predicted", "24")
    (named,) = learner.named(halves().step("predict/quarter"))
    assert named.measurement.says == "You said 24, measured 25: 4% off, within 10%."
    assert (named.measurement.measured, named.measurement.near) == (25, True)
    shown = tutor("lab", "halving", "times=3").stdout
    assert "times=3" in shown
    assert "12.5" in shown
    (computed,) = learner.history("numbers/halves/lab/halving")
    assert (computed.outcome, computed.typed) == ("computed", "times=3")


def test_a_number_is_kept_if_the_lab_is_not_computed(tutor, learner, monkeypatch):
    """And is measured by the next figure of these values, whoever asks for it."""

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tutor.plain.computing.figure", interrupted)
        assert tutor("lab", "halving", "--predict", "24").exit_code == 130
    assert learner.unmeasured() == {STEP}
    assert "predictions     1 named, 0 within their tolerance, 1 not measured yet" in (
        tutor("progress").stdout
    )
    shown = tutor("lab", "halving", "times=2").stdout
    assert "You said 24, measured 25: 4% off, within 10%." in shown
    assert "predictions     1 named, 1 within their tolerance\n" in tutor("progress").stdout


def test_a_prediction_may_be_skipped(told, learner):
    computed, code = told("lab", "halving", "--skip")
    assert code == 0
    assert computed["values"] == {"times": 1}  # as the lesson begins with
    assert computed["figure"]["values"] == {"left": 50}
    assert learner.step(STEP).state == "skipped"


def test_what_can_be_set(told, tutor):
    controls, code = told("lab", "halving", "--controls")
    assert code == 0
    assert controls["parameters"] == [{"name": "times", "takes": "0 to 9", "default": 3}]
    assert "times=1  (0 to 9)" in tutor("lab", "halving", "--controls").stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["halfing"], 3, "There is no lab 'halfing'. Did you mean halving?"),
        (["halving", "--skip", "times=12"], 2, "It can be 0 to 9."),
        (["halving", "--skip", "size=1"], 2, "no parameter 'size'"),
        (["halving", "--skip", "times"], 2, "Write name=value"),
        (["halving", "--predict", "much"], 2, "is not read as a number"),
    ],
)
def test_what_cannot_be(tutor, args, code, said):
    done = tutor("lab", *args)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_figure_is_saved_as_its_file_is_called(tutor, told, tmp_path):
    said, code = told("lab", "halving", "--predict", "24", "--to", tmp_path / "left.svg")
    assert (code, said["file"]) == (0, str(tmp_path / "left.svg"))
    assert "</svg>" in (tmp_path / "left.svg").read_text()
    done = tutor("lab", "halving", "--to", tmp_path / "left.tsv")
    assert done.stderr == f"It is saved in {tmp_path / 'left.tsv'}.\n"
    assert (tmp_path / "left.tsv").read_text().splitlines()[0].count("\t")


def test_a_file_that_is_there_is_replaced_only_where_that_is_wished(tutor, tmp_path):
    file = tmp_path / "left.tsv"
    file.write_text("mine")
    done = tutor("lab", "halving", "--skip", "--to", file)
    assert (done.exit_code, file.read_text()) == (1, "mine")
    assert "is there. Replace it?" in done.stderr
    assert tutor("lab", "halving", "--skip", "--to", file, "--yes").exit_code == 0
    assert file.read_text() != "mine"


@pytest.mark.parametrize(
    ("name", "says"), [("left.gif", "ends in .gif"), ("none/left.svg", "There is no folder")]
)
def test_a_file_that_cannot_be_is_refused_before_anything_is_computed(
    tutor, tmp_path, monkeypatch, name, says
):
    monkeypatch.setattr("tutor.plain.computing.figure", lambda *_: pytest.fail("it was computed"))
    done = tutor("lab", "halving", "--skip", "--to", tmp_path / name)
    assert (done.exit_code, done.stdout) == (1, "")
    assert says in done.stderr


def test_whoever_wants_no_drawings_is_told_the_numbers(tutor):
    drawn = tutor("lab", "halving", "--predict", "24").stdout
    assert "you said  █" in drawn
    config.change(plot_symbols="none")
    told = tutor("lab", "halving", "--predict", "24").stdout
    assert "█" not in told
    assert "you said  24" in told and "measured  25" in told
