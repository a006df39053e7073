import pytest
from hypothesis import given
from hypothesis import strategies as some

from lessons.kit.controls import Choice, Model, Number, Refused, Slider, Text, Toggle, shown


@pytest.mark.parametrize(
    ("control", "kind", "typed", "read"),
    [
        (Slider(1, 50), float, "2.5", 2.5),
        (Slider(1, 50), int, "8.0", 8),
        (Number(-2000, 2000), float, "−1,319.5", -1319.5),
        (Number(0, 1), float, "6.4e-2", 0.064),
        (Choice(2, 3, 4, 8), int, " 4 ", 4),
        (Choice(0.5, 0.25), float, ".5", 0.5),
        (Choice("absmax", "zero-point"), str, "Zero-Point", "zero-point"),
        (Text(5), str, "-1.5", "-1.5"),
        (Toggle(), bool, "on", True),
        (Toggle(), bool, "No", False),
    ],
)
def test_what_is_typed_is_read(control, kind, typed, read):
    value = control.read(typed, kind)
    assert value == read and type(value) is type(read)


@pytest.mark.parametrize(
    ("control", "kind", "typed", "says"),
    [
        (Slider(1, 50), float, "51", "1 to 50"),
        (Slider(1, 50), float, "many", "a number from 1 to 50"),
        (Slider(1, 50), int, "2.5", "a whole number from 1 to 50"),
        (Slider(1, 50), float, "nan", "a number from 1 to 50"),
        (Slider(1, 50), float, True, "a number from 1 to 50"),
        (Number(0, 10**9), float, "1,31", "a number from 0 to 1000000000"),
        (Number(0, 9), int, "9" * 5000, "a number from 0 to 9"),
        (Choice(2, 3, 4, 8), int, "5", "2, 3, 4 or 8"),
        (Text(5), str, "123456", "one line of at most 5 characters"),
        (Text(5), str, "a\nb", "one line of at most 5 characters"),
        (Text(5), str, "\x1b[2J", "one line of at most 5 characters"),
        (Toggle(), bool, "perhaps", "yes or no"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(control, kind, typed, says):
    with pytest.raises(Refused) as refused:
        control.read(typed, kind)
    assert str(refused.value) == says


@pytest.mark.parametrize(
    ("control", "kind", "value", "by", "moved"),
    [
        (Number(-128, 127), int, 100, 1, 101),
        (Number(-128, 127), int, 127, 5, 127),
        (Number(10, 10**7), int, 14_400, 1, 15_400),
        (Number(10, 10**7), int, 12, -5, 10),
        (Number(0, 1000), float, 0.13, 1, 0.14),
        (Number(0, 1000), float, 0, 1, 0.01),
        (Number(-(10**6), 10**6), float, 87, -1, 86),
    ],
)
def test_a_number_that_is_typed_can_be_moved(control, kind, value, by, moved):
    assert control.moved(value, by, kind) == moved


@given(some.integers(-(10**6), 10**6), some.sampled_from([-5, -1, 1, 5]))
def test_a_whole_number_moves_unless_it_is_at_an_end(value, by):
    control = Number(-(10**6), 10**6)
    moved = control.moved(value, by, int)
    assert control.read(moved, int) == moved
    assert (moved - value) * by > 0 or value == control.ends()[by > 0]


SLIDERS = [
    (Slider(1, 50), float),
    (Slider(1, 50), int),
    (Slider(0, 1, step=0.05), float),
    (Slider(16, 4096, step=2, log=True), int),
    (Slider(1e-6, 1, log=True), float),
    (Slider(1, 20, log=True), int),
]


@pytest.mark.parametrize(("slider", "kind"), SLIDERS)
def test_steps_lead_from_end_to_end_and_stop_there(slider, kind):
    value, seen = kind(slider.least), []
    while value not in seen:
        seen.append(value)
        value = slider.moved(value, 1, kind)
    assert seen[-1] == slider.most and seen == sorted(seen) and 5 < len(seen) <= 51
    assert slider.moved(slider.least, -1, kind) == slider.least


@pytest.mark.parametrize(("slider", "kind"), SLIDERS)
@given(share=some.floats(0, 1))
def test_a_place_on_the_slider_is_a_value_that_it_takes(slider, kind, share):
    value = slider.at(share, kind)
    assert slider.read(value, kind) == value
    assert 0 <= slider.share(value) <= 1


def test_doubling_goes_by_doubles():
    slider = Slider(16, 4096, step=2, log=True)
    assert [slider.moved(64, by, int) for by in (-1, 1, 3)] == [32, 128, 512]


@given(value=some.one_of(some.integers(-(10**9), 10**9), some.floats(-1e9, 1e9)))
def test_a_number_as_it_is_shown_can_be_typed_again(value):
    assert Number(-1e9, 1e9).read(shown(value), type(value)) == value


def test_choices_and_toggles_move_too():
    assert Choice(2, 4, 8).moved(4, 1) == 8 and Choice(2, 4, 8).moved(8, 1) == 8
    assert Toggle().moved(False, 1) is True


@pytest.mark.parametrize(
    "made",
    [
        lambda: Slider(5, 5),
        lambda: Slider(0, 8, log=True),
        lambda: Slider(1, 8, step=0),
        lambda: Slider(1, 8, step=1, log=True),
        lambda: Number(1, float("inf")),
        lambda: Choice(1),
        lambda: Choice(1, 1.0),
    ],
)
def test_a_control_that_goes_nowhere_cannot_be_made(made):
    with pytest.raises(ValueError):
        made()


def test_a_model_is_one_that_is_offered_or_any_that_is_typed(tmp_path):
    model = Model("acorn", "oak")
    (tmp_path / "config.json").write_text("{}")
    assert model.read("OAK", str) == "oak"
    assert model.read(str(tmp_path), str) == str(tmp_path.resolve())
    assert model.read(" Qwen/Qwen2.5-0.5B ", str) == "Qwen/Qwen2.5-0.5B"
    assert model.ends() == ("acorn", "oak")
    assert [model.moved(each, 1) for each in ("acorn", "oak", "Qwen/Qwen2.5-0.5B")] == ["oak"] * 3


@pytest.mark.parametrize("typed", ["beech", "/no/where", "openai:llama", "", "gemini:"])
def test_what_names_no_model_with_weights_is_refused_in_words(typed):
    with pytest.raises(Refused, match="acorn, oak, a model's folder, or a hub id"):
        Model("acorn", "oak").read(typed, str)
