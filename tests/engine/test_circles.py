"""No circle of imports in the engine or in the authors' kit, late and typing ones counted."""

import grimp
import pytest


def circles(arrows):
    """Modules that import each other: what is left once whoever imports nothing left is taken."""
    left = dict(arrows)
    while ground := [name for name, imported in left.items() if not imported & left.keys()]:
        for name in ground:
            del left[name]
    return left


@pytest.mark.parametrize("package", ["engine", "lessons"])
def test_no_module_imports_itself_by_way_of_others(package):
    graph = grimp.build_graph(package, exclude_type_checking_imports=False)
    arrows = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert circles(arrows) == {}
    assert len(arrows) > 50


def test_the_proof_would_see_one():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}).keys() == {"a", "b", "c"}
