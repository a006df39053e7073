"""The quick preset for real, from a cold start.

pytest -m slow tests/tutor/test_quick_pipeline.py
"""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_quick_pipeline_gives_a_whole_card(tmp_path):
    command = [sys.executable, "-m", "tutor", "--home", str(tmp_path / "home")]
    ran = subprocess.run(
        [*command, "pipeline", "--preset", "quick", "--reference", "--json"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    card = json.loads(ran.stdout)
    assert card["teacher_em"] > card["student_em"] > card["baseline_em"]
    assert card["cascade_em"] > card["student_em"]
    assert 0 < card["cost_saving"] < 1
    assert card["points"] > 0
    assert set(card["states"].values()) == {"finished"}

    last = card["runs"]["cascade"]
    shown = subprocess.run([*command, "show", str(last), "--json"], capture_output=True, text=True)
    assert json.loads(shown.stdout)["card"] == card
