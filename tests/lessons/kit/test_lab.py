from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import pytest

from engine.errors import EngineError, SpecError
from engine.figures import Table
from lessons.kit.bench.source import labs
from lessons.kit.lab import Choice, Slider, Text, Toggle, declared, lab
from tests.lessons.kit import lab_files

if TYPE_CHECKING:
    from engine.figures import Figure


@lab("absmax", about="What rounding costs.")
def absmax(
    bits: Annotated[int, Choice(2, 3, 4, 8)] = 8,
    outlier: Annotated[float, Slider(1, 50)] = 1,
    block_size: Annotated[int, Slider(16, 512, step=2, log=True)] = 64,
    shifted: bool = False,
) -> Figure:
    said = {"bits": bits, "outlier": outlier, "block_size": block_size, "shifted": shifted}
    return Table(columns=("given",), rows=((repr(said),),), caption="c", values={"bits": bits})


def test_a_lab_knows_its_parameters():
    assert [(each.name, each.type, each.default) for each in absmax.parameters] == [
        ("bits", int, 8),
        ("outlier", float, 1.0),
        ("block_size", int, 64),
        ("shifted", bool, False),
    ]
    assert absmax.parameter("shifted").control == Toggle()
    assert absmax.parameter("block_size").label == "block size"
    assert (absmax.name, absmax.about, absmax.long) == ("absmax", "What rounding costs.", False)


def test_typed_values_are_read_and_the_rest_are_the_defaults():
    values = absmax.values({"block_size": "128", "shifted": "yes"})
    assert values == {"bits": 8, "outlier": 1.0, "block_size": 128, "shifted": True}
    assert type(values["outlier"]) is float


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"bits": "5"}, "bits", "bits cannot be '5'. It can be 2, 3, 4 or 8."),
        (
            {"block_size": 3.5},
            "block_size",
            "block size cannot be '3.5'. It can be a whole number from 16 to 512.",
        ),
        (
            {"outler": 3},
            "outler",
            "The lab absmax has no parameter 'outler'. Did you mean outlier?",
        ),
        (
            {"zzz": 3},
            "zzz",
            "The lab absmax has no parameter 'zzz'. It has bits, outlier, block_size, shifted.",
        ),
    ],
)
def test_what_cannot_be_is_said(given, field, said):
    with pytest.raises(SpecError) as error:
        absmax.values(given)
    assert (error.value.field, str(error.value)) == (field, said)


def test_it_computes_with_values_that_were_read():
    assert absmax.compute({"bits": "4"}).values == {"bits": 4}
    assert absmax(bits=3).values == {"bits": 3}


def test_its_trials_are_the_defaults_and_every_end():
    tried = list(absmax.trials())
    assert tried[0] == absmax.defaults
    ends = [{k: v for k, v in each.items() if v != absmax.defaults[k]} for each in tried[1:]]
    assert ends == [
        {"bits": 2},
        {"bits": 3},
        {"bits": 4},
        {"outlier": 50.0},
        {"block_size": 16},
        {"block_size": 512},
        {"shifted": True},
    ]
    assert all(absmax.values(each) == each for each in tried)


def test_progress_goes_to_the_labs_that_take_it():
    told = []

    @lab("long", long=True)
    def long(n: Annotated[int, Slider(1, 9)] = 3, *, progress) -> Figure:
        for each in range(n):
            progress(each + 1, n, "on the way")
        return Table(columns=(), rows=(), caption="c")

    long.compute({}, lambda *far: told.append(far))
    assert told == [(1, 3, "on the way"), (2, 3, "on the way"), (3, 3, "on the way")]
    assert long.compute().caption == "c"
    assert "progress" not in long.defaults


def test_a_lab_that_gives_no_figure_is_the_lessons_fault():
    @lab("none")
    def none(): ...

    with pytest.raises(EngineError, match="gave a NoneType and no figure"):
        none.compute()


def bare(n: int = 3): ...
def without_default(n: Annotated[int, Slider(1, 9)]): ...
def out_of_range(n: Annotated[int, Slider(1, 9)] = 10): ...
def wrong_type(n: Annotated[bool, Slider(1, 9)] = True): ...
def two_controls(n: Annotated[int, Slider(1, 9), Choice(1, 2)] = 1): ...
def unknown_name(n: Annotated[int, Slidder(1, 9)] = 1): ...  # noqa: F821


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (bare, "needs one control"),
        (without_default, "needs a default"),
        (out_of_range, "default is out of range"),
        (wrong_type, "gives no bool"),
        (two_controls, "needs one control"),
        (unknown_name, "cannot be read"),
    ],
)
def test_a_wrong_declaration_is_said_when_it_is_read(function, said):
    with pytest.raises(EngineError, match=said):
        lab("wrong")(function)


def test_a_modules_labs_by_name():
    module = ModuleType("labs")
    module.first = module.again = absmax
    module.text = Text()
    assert declared(module) == {"absmax": absmax}
    module.second = lab("absmax")(lambda: None)
    with pytest.raises(EngineError, match="two labs named 'absmax'"):
        declared(module)


def test_a_lessons_labs_are_found_by_its_folder_and_read_anew_when_changed(tmp_path):
    folder = lab_files.write(tmp_path / "unit" / "lesson")
    found = labs(folder)
    assert list(found) == ["rounding", "gated", "deaf", "bad"]
    assert labs(folder)["bad"] is found["bad"]
    (folder / "labs.py").write_text("from lessons.kit.lab import lab\n")
    assert labs(folder) == labs(tmp_path) == {}
    (folder / "labs.py").write_text("1 / 0")
    with pytest.raises(EngineError, match="ZeroDivisionError"):
        labs(folder)


DECLARATIONS = """
import json, sys
from pathlib import Path
from lessons.kit.bench.source import labs
import lessons.kit.bench.bench, lessons.kit.worker.lab
found = labs(Path(sys.argv[1]))["rounding"]
heavy = [name for name in ("torch", "numpy", "transformers") if name in sys.modules]
print(json.dumps([found.values({"bits": "4"}), heavy]))
"""


def test_declarations_and_the_bench_load_nothing_heavy(tmp_path):
    folder = lab_files.write(tmp_path / "unit" / "lesson")
    done = subprocess.run(
        [sys.executable, "-c", DECLARATIONS, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [{"bits": 4, "outlier": 1.0}, []]
