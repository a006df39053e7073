import pytest

COMMANDS = [
    "lessons", "read", "ask", "lab", "check", "review", "progress", "lint", "audit", "compare",
    "models",
]  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_listed_and_shows_an_example(tutor, name):
    assert f"\n  {name} " in tutor("--help").stdout
    shown = tutor(name, "--help")
    assert shown.exit_code == 0
    assert f"Example: tutor {name}" in shown.stdout
    assert "--json" in shown.stdout


def test_plain_mode_and_the_exit_codes_are_told(tutor):
    shown = tutor("--help").stdout
    assert "tutor --plain" in shown
    assert "the answer is not right" in shown
    assert "could not be judged" in shown
