"""What a lesson's Python files define, and a digest of each definition, without running them.

A home screen needs to know whether a step has changed since it was done. Running every lesson's
code for that would be slow, and a change of a comment would count; the syntax tree is neither.
"""

from __future__ import annotations

import ast
from hashlib import sha256
from pathlib import Path

from engine.errors import EngineError


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that change with any of the parts."""
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def marked(path: Path, mark: str) -> dict[str, str]:
    """Digests of the functions under `@mark("name", ...)`, by that name; {} without the file.

    Raises:
        EngineError: The file is no Python, or two functions have the same name.
    """
    found: dict[str, str] = {}
    for node in _tree(path).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for name in filter(None, (_marked_as(each, mark) for each in node.decorator_list)):
            if name in found:
                raise EngineError(f"{path.parent.name}/{path.name} has two of @{mark}({name!r}).")
            found[name] = digest(ast.dump(node))
    return found


def whole(path: Path) -> str:
    """A digest of all of a file, its comments and layout apart; of nothing without the file.

    Raises:
        EngineError: The file is no Python.
    """
    return digest(ast.dump(_tree(path)))


def _marked_as(decorator: ast.expr, mark: str) -> str:
    match decorator:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(id)), *_]):
            return id if name == mark else ""
    return ""


def _tree(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    except SyntaxError as error:
        place = f"{path.parent.name}/{path.name}, line {error.lineno}"
        raise EngineError(f"{place}: {error.msg}.") from error
