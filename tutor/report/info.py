"""What `tutor info` tells, gathered without loading anything that computes."""

from __future__ import annotations

import platform
import textwrap
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from tutor import __version__, config
from tutor.report.table import table

if TYPE_CHECKING:
    from engine.runs.home import Home

PACKAGES = (
    "torch",
    "transformers",
    "trl",
    "peft",
    "bitsandbytes",
    "datasets",
    "accelerate",
    "google-genai",
    "openai",
    "textual",
    "sqlite-utils",
    "click",
)


def gather(home: Home) -> dict:
    """Versions, device, memory, paths, models and fallbacks, as JSON holds them."""
    from engine.cascades.prices import FILE
    from engine.hosted.services import FILE as TEACHERS
    from engine.machine import machine
    from engine.models.registry import BUILTIN
    from engine.runs.client import Client
    from lessons.kit.worker import lab as lab_run

    found = machine(home.cards)
    with closing(Client(home, worker=lab_run.WORKER)) as client:
        runs = client.runs(limit=200)
    return {
        "versions": {"tutor": __version__, "python": platform.python_version(), **_versions()},
        "platform": platform.platform(),
        "device": str(found),
        "cores": found.cores,
        "cards": [asdict(card) for card in found.cards],
        "cards tried": not found.untried,
        "cards unused": found.unused,
        "cuda": found.cuda,
        "memory": {"total": found.memory, "available": found.available},
        "paths": {
            "home": str(home.path),
            "settings": str(config.path()),
            "database": str(home.database),
            "artifacts": str(home.path / "runs"),
            "quantized models": str(home.models),
            "prices": str(home.path / FILE),
            "hosted teachers": str(home.path / TEACHERS),
            "worker log": str(home.worker_log),
        },
        "models": {
            "built in": list(BUILTIN),
            "quantized once": sorted(path.name for path in home.models.glob("*") if path.is_dir()),
        },
        "fallbacks": _fallbacks(runs),
    }


def info_text(info: dict, width: int | None = None) -> str:
    """The same for people, in lines of at most `width`; None for as long as they are."""
    inner = None if width is None else width - 2
    memory = info["memory"]
    blocks = {
        "machine": [
            ("device", info["device"]),
            *_cards(info),
            ("memory", f"{_gib(memory['available'])} of {_gib(memory['total'])} free"),
            ("system", info["platform"]),
        ],
        "versions": list(info["versions"].items()),
        "paths": list(info["paths"].items()),
        "models": [(kind, ", ".join(names) or "none") for kind, names in info["models"].items()],
        "fallbacks taken by runs here": [
            (f"run {each['run']}", f"{each['what']}: {each['why']}") for each in info["fallbacks"]
        ]
        or [("none", "")],
    }
    return "\n\n".join(
        f"{title}\n" + textwrap.indent(table(rows, width=inner), "  ")
        for title, rows in blocks.items()
    )


def _cards(info: dict) -> list[tuple[str, str]]:
    """A line for each card that is used, then why others are not."""
    rows = []
    for place, card in enumerate(info["cards"]):
        number = place if card["index"] is None else card["index"]
        parts = [card["name"], f"{_gib(card['free'])} of {_gib(card['total'])} free"]
        parts += [f"capability {card['capability']}"] if card["capability"] else []
        parts += [f"driver {card['driver']}"] if card["driver"] else []
        rows.append((f"cuda:{number}", ", ".join(parts)))
    if not info["cards tried"]:
        rows.append(("", "not yet tried: the first run tells whether torch can use it"))
    if info["cuda"]:
        rows.append(("CUDA", f"{info['cuda']}, torch's"))
    if info["cards unused"]:
        rows.append(("not used", info["cards unused"]))
    return rows


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _fallbacks(runs: list) -> list[dict]:
    """Each fallback once, with the newest run that took it."""
    seen: dict[tuple[str, str], dict] = {}
    for run in runs:
        for each in run.environment.get("fallbacks", []):
            key = (each["what"], each["why"])
            seen.setdefault(key, {"run": run.id, "what": each["what"], "why": each["why"]})
    return list(seen.values())


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
