"""How Python code reads, whatever its layout, and by whatever import it reaches what it uses.

    spelled(function, names).text

Import lines, comments, docstrings and annotations are left out, and a name that an import brought
is called as it is called at home: `affine.quantize` and `quantize` are the same if the one's
`affine` is a module. So a module may move without a change here. A caller may ask for what is shown
to the learner all the same. Nothing here hangs on the release of Python that parses.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(str(files("lessons"))).parent
"""Where our own packages lie."""
OURS = ("engine", "lessons", "tutor")
LEFT_OUT = {"ctx", "kind", "type_comment", "type_params", "annotation", "returns", "simple"}
"""Fields of syntax nodes that say nothing of what is computed."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A piece of code."""

    text: str
    uses: frozenset[str]
    """Names that it does not import, and `.file.name` of what it imports from its own folder."""


@dataclass(slots=True)
class Names:
    """What the names stand for that imports have brought into a file."""

    folder: Path
    """The lesson's, to tell what is imported from there."""
    paths: dict[str, str] = field(default_factory=dict)
    """Full names by those that are used: `engine.numerics.affine` by `affine`."""
    modules: set[str] = field(default_factory=set)
    """Those of the full names that are known to be modules."""

    def bring(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take in an import line."""
        if isinstance(node, ast.Import):
            for each in node.names:
                parts = each.name.split(".")
                self.modules |= {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
                self.paths[each.asname or parts[0]] = each.name if each.asname else parts[0]
            return
        of = "." * node.level + (node.module or "")
        for each in node.names:
            path = self._from_here(f"{of}{'' if of.endswith('.') else '.'}{each.name}")
            self.paths[each.asname or each.name] = path
            if _is_module(path, self.folder):
                self.modules.add(path)

    def at_home(self, name: str, attributes: list[str]) -> tuple[list[str], str]:
        """What `name.attribute.attribute` is called at home, and its full name."""
        path = self.paths[name]
        if path not in self.modules:
            return [path.rpartition(".")[2], *attributes], path
        while attributes and f"{path}.{attributes[0]}" in self.modules:
            path, attributes = f"{path}.{attributes[0]}", attributes[1:]
        if not attributes:
            return [path.rpartition(".")[2]], path
        return attributes, f"{path}.{attributes[0]}"

    def _from_here(self, path: str) -> str:
        """`.file.name` of what lies in the lesson's own folder."""
        own = ".".join(("lessons", *self.folder.parts[-2:])).replace("-", "_")
        return path.removeprefix(own) if path.startswith(f"{own}.") else path

    def copy(self) -> Names:
        """For a function, whose imports are its own."""
        return Names(self.folder, dict(self.paths), set(self.modules))


def spelled(
    node: ast.stmt, names: Names, *, docstring: bool = False, controls: bool = False
) -> Spelled:
    """A statement.

    Args:
        node: Mostly a definition.
        names: Of its file.
        docstring: Whether a function's docstring counts, since a learner reads it.
        controls: Whether the annotations of a function's parameters count, since a learner sets
            them.
    """
    speller = _Speller(names.copy())
    if docstring:
        speller.words.append(" ".join((ast.get_docstring(node, clean=False) or "").split()))
    for each in _parameters(node) if controls else ():
        speller.words.append(each.arg)
        speller.spell(each.annotation)
    speller.spell(node)
    return Spelled(" ".join(speller.words), frozenset(speller.uses))


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a text alone: a docstring of what is around or before it."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    given = function.args
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return [each for each in every if each.annotation is not None]


class _Speller:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.words: list[str] = []
        self.uses: set[str] = set()

    def spell(self, node: ast.AST) -> None:
        kind = type(node)
        if kind is ast.Name or kind is ast.Attribute:
            self._reached(node)
        elif kind is ast.Constant:
            self.words.append(repr(node.value))
        elif kind is ast.Import or kind is ast.ImportFrom:
            self.names.bring(node)
        elif kind is ast.AnnAssign and node.value is not None:
            self.spell(ast.Assign([node.target], node.value))
        elif kind is not ast.Expr or not is_text(node):
            self._parts(node, kind)

    def _parts(self, node: ast.AST, kind: type) -> None:
        words = self.words
        words.append(f"({kind.__name__}")
        for name in _fields(kind):
            value = getattr(node, name, None)
            if value is None or value == []:
                continue
            words.append(name)
            if isinstance(value, list):
                words.append("[")
                for each in value:
                    self._part(each)
                words.append("]")
            else:
                self._part(value)
        words.append(")")

    def _part(self, value: Any) -> None:
        if isinstance(value, ast.AST):
            self.spell(value)
        else:  # an identifier, a number, or no key at all in `{**more}`
            self.words.append("-" if value is None else str(value))

    def _reached(self, node: ast.expr) -> None:
        """A name, or an attribute of something."""
        attributes: list[str] = []
        root = node
        while type(root) is ast.Attribute:
            attributes.append(root.attr)
            root = root.value
        attributes.reverse()
        if type(root) is not ast.Name:
            self.words.append(f"(of {'.'.join(attributes)}")
            self.spell(root)
            self.words.append(")")
        elif root.id in self.names.paths:
            parts, path = self.names.at_home(root.id, attributes)
            self.words.append(".".join(parts))
            if path.startswith("."):
                self.uses.add(path)
        else:
            self.words.append(".".join((root.id, *attributes)))
            self.uses.add(root.id)


@cache
def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in LEFT_OUT)


@cache
def _is_module(path: str, folder: Path) -> bool:
    if path.startswith("."):
        return (folder / f"{path[1:]}.py").is_file()
    parts = path.split(".")
    if parts[0] not in OURS:
        return False
    return ROOT.joinpath(*parts).with_suffix(".py").is_file() or ROOT.joinpath(*parts).is_dir()
