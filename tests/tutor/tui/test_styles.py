"""The style sheets: what one screen's says must not reach another's widgets."""

import re
from pathlib import Path

import pytest

from tutor import tui

TUI = Path(tui.__file__).parent
SHARED = {"tutor"}
"""Sheets that are about all screens."""
SHEETS = [sheet for sheet in (TUI / "styles").glob("*.tcss") if sheet.stem not in SHARED]
NAMED = re.compile(r'\bid="([a-z-]+)"')


def unscoped(sheet: str) -> set[str]:
    """Ids in rules that stand in no block of a screen."""
    outside = re.sub(r"^[A-Z]\w+ \{.*?^\}", "", sheet, flags=re.DOTALL | re.MULTILINE)
    selectors = re.sub(r"\{[^}]*\}", "", re.sub(r"/\*.*?\*/", "", outside, flags=re.DOTALL))
    return set(re.findall(r"#([a-z-]+)", selectors))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_an_id_that_several_modules_use_is_styled_within_its_screen(sheet):
    """A rule for #came alone would hold wherever something is called so."""
    users: dict[str, list[str]] = {}
    for module in (*TUI.glob("screens/**/*.py"), *TUI.glob("widgets/**/*.py")):
        for name in set(NAMED.findall(module.read_text(encoding="utf-8"))):
            users.setdefault(name, []).append(module.stem)
    for name in unscoped(sheet.read_text(encoding="utf-8")):
        assert len(users.get(name, [])) <= 1, f"#{name} is used by {users[name]}"
