"""A home as this version makes it, packed: `home.tar.xz`, and `said.json`, what is said of it.

    OMP_NUM_THREADS=1 python -m tests.tutor.old_home.make FOLDER INTO

FOLDER is made and lived in, which takes three minutes; INTO is there and gets the two files.

Those that lie beside this module were made by 0.1.0, before the house was redrawn, and are kept:
what an old version has written no newer one can write. `tests.tutor.test_old_home` opens them with
the code of today. Where a later version's home is to be kept too, it gets a folder of its own.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from engine.runs.home import Home
from engine.runs.lock import Lock
from tests.engine.runs.waiting import until
from tests.tutor.old_home import computing, learning, packing, telling
from tests.tutor.old_home.processor import processor
from tests.tutor.old_home.program import Program


def make(folder: Path, into: Path) -> None:
    """Live a fortnight in a home, and pack it."""
    folder.mkdir(mode=0o700)
    program = Program(folder)
    os.environ.update(program.environment)  # for what is done in this process
    learning.study(program)
    learning.prefer(program)
    computing.compute(program)
    keep(program, into)


def keep(program: Program, into: Path) -> None:
    """Strip it, hand it in, see that it can be moved and what is said of it, and pack it."""
    until(Lock(Home(program.home).lock).free)
    packing.strip(program)
    packing.make_movable(program)
    program.run("export", "tutorial", "--to", program.folder / "tutorial.ipynb")
    said = telling.told(program)
    again = telling.told(program)
    assert said == again, list(telling.lost(said, again))
    packing.make_movable(program)  # the commands have opened its database
    assert not (found := packing.traces(program)), found
    said |= {
        "processor": processor(),
        "adapter": telling.adapter(program, computing.WHOLE),
        "asked": said["audit"][str(computing.ASKED)]["answers"],
    }
    (into / "said.json").write_text(f"{json.dumps(said, indent=1, ensure_ascii=False)}\n")
    packing.pack(program, into / "home.tar.xz")


if __name__ == "__main__":
    make(*(Path(each).absolute() for each in sys.argv[1:]))
