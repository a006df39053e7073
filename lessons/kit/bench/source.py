"""The labs of a lesson's folder, read from its `labs.py` by path.

Lessons are no packages that anything imports by name: a folder is all it takes to add one. A file
that an author has changed is read anew.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import RLock
from types import ModuleType

from engine.errors import EngineError
from lessons.kit.lab import Lab, declared

_read: dict[Path, tuple[tuple[int, int], ModuleType]] = {}
_reading = RLock()


def labs(folder: Path) -> dict[str, Lab]:
    """The labs of a lesson, by name; none where it has no `labs.py`.

    Raises:
        EngineError: The file cannot be read or declares what cannot be.
    """
    file = folder.resolve() / "labs.py"
    return declared(_module(file)) if file.is_file() else {}


def _module(file: Path) -> ModuleType:
    stat = file.stat()
    as_it_is = (stat.st_mtime_ns, stat.st_size)
    with _reading:
        if file in _read and _read[file][0] == as_it_is:
            return _read[file][1]
        unit, lesson = file.parts[-3:-1]
        name = f"lessons_read.{unit}.{lesson}.labs"
        spec = spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise EngineError(f"{file} is no Python file.")
        module = module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look themselves up there
        try:
            spec.loader.exec_module(module)
        except EngineError:
            raise
        except Exception as error:
            what = f"{file} cannot be read: {type(error).__name__}: {error}."
            raise EngineError(what, "This is the lesson's fault, not yours.") from error
        _read[file] = (as_it_is, module)
        return module
