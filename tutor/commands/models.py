"""`tutor models`: students to choose from, and what each needs on this machine."""

from __future__ import annotations

import click

from tutor.commands.options import home, home_option, json_option, print_json, tell


@click.command(
    epilog="Example: tutor models ./my-model", short_help="List students, and what each needs here."
)
@click.argument("names", nargs=-1, metavar="[NAME-OR-FOLDER]...")
@json_option
@home_option
def models(names: tuple[str, ...], as_json: bool) -> None:
    """List models to take as a student, with the memory that each needs to run and to learn.

    Any other causal language model can be named too: a folder, or owner/name on the model hub;
    named here, what it needs is told instead.
    """
    from engine.machine import machine
    from engine.models.students import memory, students

    here = machine(home().cards)
    found = students(here, names=names) if names else students(here)
    if as_json:
        total, free = memory(here)
        told = [student.as_dict(here) for student in found]
        print_json({"device": str(here), "total": total, "free": free, "students": told})
        return
    from tutor.report.models import models_text
    from tutor.report.paragraphs import room

    tell(models_text(here, found, room()))
