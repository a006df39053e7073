"""What a lesson's Python files define, and a digest of each definition, without running them.

A home screen needs to know whether a step has changed since it was done. Running every lesson's
code for that would be slow, and a change of a comment would count; the syntax tree is neither. A
definition's digest is of all that it calls in the lesson's own folder, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from engine.errors import EngineError
from lessons.kit.course.spelling import Names, Spelled, is_text, spelled

MARKS = ("question", "lab", "check")
"""Decorators of what a learner is shown; of a check the docstring too, of a lab its controls."""
LOOSE = ""
"""Stands for what is done at a file's top level and makes no name: it may change any of them."""


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that change with any of the parts."""
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


@dataclass(slots=True)
class _File:
    """One file's statements, but for its imports."""

    names: Names
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    """What makes each name at the top level, in the order of the file; LOOSE is all the rest."""
    spelled: dict[str, tuple[Spelled, ...]] = field(default_factory=dict)

    def take(self, node: ast.stmt) -> None:
        """Sort a statement in."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            self.names.bring(node)
        elif isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            return  # annotations are left out, and so is what they need
        elif not is_text(node):
            for name in _made(node) or [LOOSE]:
                self.defined.setdefault(name, []).append(node)

    def read(self, name: str) -> tuple[Spelled, ...]:
        """How what makes a name reads; nothing where the file has no such name."""
        if name not in self.spelled:
            read = []
            for node in self.defined.get(name, ()):
                marks = {kind for kind, _ in _marks(node)}
                shown = {"docstring": "check" in marks, "controls": "lab" in marks}
                read.append(spelled(node, self.names, **shown))
            self.spelled[name] = tuple(read)
        return self.spelled[name]


class Sources:
    """The Python files of a lesson's folder, each read once."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read before it is asked for."""
        self.folder = folder
        self._files: dict[str, _File] = {}

    def marked(self, file: str, mark: str) -> dict[str, str]:
        """Digests of the functions under `@mark("name", ...)`, by that name; {} without the file.

        Raises:
            EngineError: The file is no Python, or two functions have the same name.
        """
        found: dict[str, str] = {}
        for function, nodes in self._file(file).defined.items():
            for name in (name for node in nodes for kind, name in _marks(node) if kind == mark):
                if not name:  # given by a variable
                    continue
                if name in found:
                    where = f"{self.folder.name}/{file}.py"
                    raise EngineError(f"{where} has two of @{mark}({name!r}).")
                found[name] = self._digest(file, [function])
        return found

    def whole(self, file: str) -> str:
        """A digest of all of a file; of nothing without the file.

        Raises:
            EngineError: It is no Python.
        """
        there = self._file(file).defined
        shown = [name for name, nodes in there.items() if any(map(_marks, nodes))]
        return self._digest(file, shown, there)

    def _digest(self, file: str, shown: Iterable[str], more: Iterable[str] = ()) -> str:
        """Of what is shown, in its order, and of all that it needs, in whatever order it stands."""
        first = [each.text for name in shown for each in self._file(file).read(name)]
        wanted = [(file, name) for name in (*shown, *more)]
        needed: set[str] = set()
        seen: set[tuple[str, str]] = set()
        while wanted:
            of, name = wanted.pop()
            if (of, name) in seen:
                continue
            seen.add((of, name))
            for each in (*self._file(of).read(name), *self._file(of).read(LOOSE)):
                needed.add(each.text)
                wanted += (_place(of, use) for use in each.uses)
        return digest(*first, "", *sorted(needed.difference(first)))

    def _file(self, name: str) -> _File:
        if name not in self._files:
            made = self._files[name] = _File(Names(self.folder))
            for node in _tree(self.folder / f"{name}.py").body:
                made.take(node)
        return self._files[name]


def _place(file: str, use: str) -> tuple[str, str]:
    """The file and the name in it of what is used in a file: `.file.name`, or a name of its own."""
    if not use.startswith("."):
        return file, use
    of, _, name = use[1:].rpartition(".")
    return of or name, name if of else ""


def _made(node: ast.stmt) -> list[str]:
    """The names that a statement makes or changes, and nothing else."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [each.id for target in targets for each in _roots(target)]
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return [each.id for each in _roots(target)]
    return []


def _roots(target: ast.expr) -> list[ast.Name]:
    """`a` and `b` of `a, b[0] = ...`."""
    match target:
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            return [root for each in targets for root in _roots(each)]
        case ast.Attribute(value=of) | ast.Subscript(value=of) | ast.Starred(value=of):
            return _roots(of)
    return [target] if isinstance(target, ast.Name) else []


def _marks(node: ast.stmt) -> list[tuple[str, str]]:
    """Kinds and names of the marks that a function is under; a check has no name."""
    found = []
    for each in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
        match each:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name)), *_]):
                found.append((kind, name))
            case ast.Call(func=ast.Name(id=kind)) | ast.Name(id=kind):
                found.append((kind, ""))
    return [(kind, name) for kind, name in found if kind in MARKS]


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    except SyntaxError as error:
        place = f"{path.parent.name}/{path.name}, line {error.lineno}"
        raise EngineError(f"{place}: {error.msg}.") from error
