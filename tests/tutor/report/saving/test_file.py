import errno
import os
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DiskFull, EngineError
from engine.figures import Line, LineChart
from tutor.report.saving.file import refuse, save
from tutor.report.saving.shown import Shown
from tutor.report.saving.tsv import tsv

CHART = LineChart(
    lines=(Line("loss", (0.0, 1.0, 2.0), (2.0, 1.5, 1.25)),), x="step", y="loss", caption="Falls."
)
SHOWN = Shown(CHART, "A lesson › a lab: bits 8")


def test_a_picture_of_points_and_one_of_dots(tmp_path):
    for name in ("chart.svg", "chart.PNG"):
        save(SHOWN, tmp_path / name)
    drawn = ElementTree.parse(tmp_path / "chart.svg").getroot()
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Falls." in (tmp_path / "chart.svg").read_text(encoding="utf-8")
    assert (tmp_path / "chart.PNG").read_bytes().startswith(b"\x89PNG")
    assert sorted(os.listdir(tmp_path)) == ["chart.PNG", "chart.svg"]


def test_the_same_figure_gives_the_same_file(tmp_path):
    for kind in ("svg", "png"):
        for name in ("one", "other"):
            save(SHOWN, tmp_path / f"{name}.{kind}")
        one, other = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "other"))
        assert one == other


def test_numbers(tmp_path):
    save(replace(SHOWN, compared=()), tmp_path / "chart.tsv")
    assert (tmp_path / "chart.tsv").read_text(encoding="utf-8") == tsv(CHART)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "chart.gif",
            "'chart.gif' ends in .gif, which a figure cannot be saved as. Name chart.svg",
        ),
        ("chart", "'chart' ends in nothing"),
        ("there/is/none.svg", "There is no folder"),
        ("folder.svg", "is a folder, and should be a file"),
    ],
)
def test_what_cannot_be_a_figures_file(tmp_path, name, says):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(EngineError, match=says):
        refuse(tmp_path / name)


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "chart.svg"
    file.write_text("the one before")

    def full(path, content):
        with open(path, "wb") as out:
            out.write(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DiskFull, match=r"The disk under .* is full\. Free some space\."):
        save(SHOWN, file)
    assert file.read_text() == "the one before"
    assert os.listdir(tmp_path) == ["chart.svg"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(EngineError, match=r"cannot be written: permission denied\. Name another"):
        save(SHOWN, tmp_path / "chart.svg")
