"""The program as its user meets it: a command line on a home, and what it answers in JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tutor.cli import main

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Program:
    """The command line of this very tree, on one learner's folder."""

    folder: Path
    """Holds `home`, `config` and what was handed in."""

    @property
    def home(self) -> Path:
        """The home folder."""
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        """What a command and its worker have beside this process's own environment.

        One thread, as sums are grouped by thread; no card, whatever there is here.
        """
        return {
            "PYTHONPATH": str(ROOT),
            "TUTOR_HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "OMP_NUM_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "",
        }

    def run(self, *arguments: object, may: tuple[int, ...] = (0,)) -> str:
        """What a command prints; it must end with one of these exit codes."""
        runner = CliRunner(env=self.environment)
        done = runner.invoke(main, [str(each) for each in arguments], prog_name="tutor")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code in may, f"{arguments} ended with {done.exit_code}: {done.stderr}"
        return done.stdout

    def told(self, *arguments: object, may: tuple[int, ...] = (0,)) -> Any:
        """The same in JSON."""
        return json.loads(self.run(*arguments, "--json", may=may))
