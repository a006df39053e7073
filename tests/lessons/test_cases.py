"""A check of several cases names the one that failed."""

import ast
from pathlib import Path

import pytest

import lessons

FILES = sorted(Path(lessons.__file__).parent.glob("*/*/checks.py"))
SAYS = {"expect": 2, "expect_number": 2, "number": 1, "refuses": 1, "Failed": 0}
"""Where in its arguments the words for the learner stand."""


def names(*nodes):
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def told(tree):
    """(loop, line, words) of all that may be said to the learner from within a loop."""
    for loop in (each for each in ast.walk(tree) if isinstance(each, ast.For)):
        for node in ast.walk(loop):
            if isinstance(node, ast.Assert):
                yield loop, node.lineno, [node.msg] if node.msg else []
            elif (
                isinstance(node, ast.Call)
                and (at := SAYS.get(getattr(node.func, "id", ""), -1)) >= 0
            ):
                yield (
                    loop,
                    node.lineno,
                    node.args if node.func.id == "Failed" else node.args[at : at + 1],
                )


def bound(loop):
    """The names that the loop sets anew each time."""
    assigned = (each for each in ast.walk(loop) if isinstance(each, ast.Assign))
    return names(loop.target).union(*(names(*each.targets) for each in assigned))


def unnamed(tree):
    """Lines whose words name nothing that any of the loops around them sets."""
    said = [(line, bool(names(*words) & bound(loop))) for loop, line, words in told(tree)]
    return {line for line, _ in said} - {line for line, named in said if named}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_what_is_said_in_a_loop_names_the_case(file):
    lines = unnamed(ast.parse(file.read_text()))
    assert not lines, f"{file}: lines {lines} do not say which of the cases failed"


def test_a_line_that_does_not_is_found():
    loop = "for k in (1, 2):\n    expect(f(k), k, 'the number')\n    expect(f(k), k, f'of {k}')"
    assert unnamed(ast.parse(loop)) == {2}
