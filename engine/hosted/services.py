"""The services that host models, and how fast each may be asked: a file of the learner's.

It is a small TOML file in the home folder, read when a run that needs it is submitted and again
when it starts. Where there is no file, the defaults below hold. A key is in none of it: the file
names the environment variable that holds it, and the worker reads that when it asks.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.errors import EngineError
from engine.hosted.pacing import Limits
from engine.models.registry import hosted
from engine.runs.logs import telling
from engine.settings_file import read_settings, write_whole

FILE = "teachers.toml"
"""The file's name in the home folder."""

DEFAULTS = """\
# How fast hosted models may be asked. Change it, and the next run goes by it. 0 is no limit.
# Only names of environment variables stand here, never a key.

[gemini]
key = "GEMINI_API_KEY"         # the variable that holds the key
requests_per_minute = 30       # the free tier for Gemma models, as Google listed it in 2025;
tokens_per_minute = 15_000     # https://aistudio.google.com shows what yours allows
requests_per_day = 14_400
tokens_counted = "both"        # "input" counts prompts alone, as Google's page on limits says
timeout = 120                  # seconds until a request is given up
tries = 6                      # requests for one question, at most
base_url = ""                  # empty: Google's own, or GOOGLE_GEMINI_BASE_URL
leave_out = []                 # what is not sent, of "temperature", "top_p" and "seed"

# A model with limits of its own:
# [gemini.models."gemini-2.5-flash"]
# requests_per_minute = 10

[openai]                       # any server that speaks as OpenAI's does: vLLM, llama.cpp, Ollama
base_url = ""                  # such as "http://localhost:8000/v1"; empty: OPENAI_BASE_URL
key = "OPENAI_API_KEY"         # may be unset where the server wants none
requests_per_minute = 0
tokens_per_minute = 0
requests_per_day = 0
tokens_counted = "both"
timeout = 300
tries = 6
max_tokens = "max_tokens"      # newer models of OpenAI call it "max_completion_tokens",
leave_out = []                 # and take no "temperature" and "top_p"; some servers no "seed"
"""

ADDRESS = {"gemini": "GOOGLE_GEMINI_BASE_URL", "openai": "OPENAI_BASE_URL"}
"""The variable that names a service's address where the file does not."""
COUNTED = ("both", "input")
SETTINGS = ("temperature", "top_p", "seed")
"""What is sent beside a question, and may be left out."""
MAX_TOKENS = {
    "gemini": ("max_output_tokens",),
    "openai": ("max_tokens", "max_completion_tokens"),
}
"""What services call the longest answer that is allowed; each begins with its usual name."""


@dataclass(frozen=True, slots=True)
class Service:
    """How one hosted model is asked."""

    provider: str
    """`gemini` or `openai`."""
    model: str
    """Its name there."""
    key: str
    """The environment variable that holds the key."""
    base_url: str
    """Where it is; empty for the provider's own address."""
    requests_per_minute: int
    tokens_per_minute: int
    requests_per_day: int
    tokens_counted: str
    """`both`, or `input` where answers do not count towards the tokens a minute."""
    timeout: float
    """Seconds until a request is given up."""
    tries: int
    """Requests for one question, at most."""
    max_tokens: str
    """What it calls the longest answer that is allowed."""
    leave_out: tuple[str, ...] = ()
    """Of `SETTINGS`, what is not sent: it decides by itself."""

    @property
    def name(self) -> str:
        """As a spec names it."""
        return f"{self.provider}:{self.model}"

    @property
    def limits(self) -> Limits:
        """For the pacer."""
        return Limits(self.requests_per_minute, self.tokens_per_minute, self.requests_per_day)

    def sent(self, **settings: float) -> dict[str, float]:
        """Of the settings of a request, those that are not left out."""
        return {name: each for name, each in settings.items() if name not in self.leave_out}

    @property
    def host(self) -> str:
        """The address without what could be secret in it; empty for the provider's own."""
        parts = urlsplit(self.base_url)
        return parts.netloc.rpartition("@")[2]

    def secret(self) -> str | None:
        """The key, from the environment of this process; None where it holds none."""
        return os.environ.get(self.key, "").strip() or None


def read(name: str, folder: Path | None = None) -> Service:
    """How a hosted model is asked, by the learner's file in `folder` or else the defaults.

    Args:
        name: Such as `gemini:gemma-4-31b-it`.
        folder: The home folder.

    Raises:
        EngineError: The file is no TOML, or says what cannot be; or no address is known.
    """
    named = hosted(name)
    if named is None:
        raise ValueError(f"{name!r} names no hosted model")
    provider, model = named
    defaults = tomllib.loads(DEFAULTS)[provider]
    path = folder / FILE if folder else None
    where = str(path) if path else "the defaults"
    own = _own(path, provider) if path is not None and path.exists() else {}
    models = own.pop("models", {})
    special = models.get(model, {}) if isinstance(models, dict) else None
    if not isinstance(special, dict):
        raise EngineError(f"{where}: `models` of {provider} is no table of tables.", _WAY_OUT)
    values = {**defaults, **own, **special}
    values["base_url"] = values["base_url"] or os.environ.get(ADDRESS[provider], "").strip()
    _check(values, defaults.keys(), where, provider)
    values.setdefault("max_tokens", MAX_TOKENS[provider][0])
    values["leave_out"] = tuple(values["leave_out"])
    return Service(provider=provider, model=model, **values)


def ready(name: str, folder: Path) -> Service:
    """The same, once it is sure that a run could ask: for whoever submits one.

    Raises:
        EngineError: As `read`; or there is no key here.
    """
    service = read(name, folder)
    if service.secret() is None and needs_key(service):
        raise EngineError(
            f"{service.key} is not set, and {service.name} cannot be asked without a key.",
            f"{_GET[service.provider]} then: export {service.key}=...",
        )
    return service


def needs_key(service: Service) -> bool:
    """Whether it certainly asks for one; a server on one's own machine may not."""
    return service.provider == "gemini" or service.host.endswith("openai.com")


def write_defaults(folder: Path) -> Path:
    """Put the defaults into `folder` to be edited; a file that is there stays as it is."""
    path = folder / FILE
    if not path.exists():
        write_whole(path, DEFAULTS)
    return path


_WAY_OUT = "Mend it, or delete it to have the defaults again."
_GET = {
    "gemini": "Get one at https://aistudio.google.com/apikey,",
    "openai": "Get one from whoever runs the server,",
}


def _own(path: Path, provider: str) -> dict[str, Any]:
    table = read_settings(path, _WAY_OUT).get(provider, {})
    if not isinstance(table, dict):
        raise EngineError(f"{path}: `{provider}` is no table.", _WAY_OUT)
    return table


def _check(values: Mapping[str, Any], known: Collection[str], where: str, provider: str) -> None:
    def wrong(name: str, must: str) -> EngineError:
        said = f"{name} of {provider} is {values[name]!r}"
        return EngineError(f"{where}: {said}; it must be {must}.", _WAY_OUT)

    for name in values:
        if name not in known:
            what = f"{where}: {provider} has no setting {name!r}."
            raise EngineError(what, f"It has {', '.join(sorted(known))}. {_WAY_OUT}")
    for name in ("requests_per_minute", "tokens_per_minute", "requests_per_day"):
        if not _whole(values[name]) or values[name] < 0:
            raise wrong(name, "a whole number, 0 for no limit")
    if not _whole(values["tries"]) or values["tries"] < 1:
        raise wrong("tries", "a whole number from 1 up")
    timeout = values["timeout"]
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0:
        raise wrong("timeout", "a number of seconds above 0")
    if values["tokens_counted"] not in COUNTED:
        raise wrong("tokens_counted", " or ".join(f'"{each}"' for each in COUNTED))
    if values.get("max_tokens", MAX_TOKENS[provider][0]) not in MAX_TOKENS[provider]:
        raise wrong("max_tokens", " or ".join(f'"{each}"' for each in MAX_TOKENS[provider]))
    out = values["leave_out"]
    if not isinstance(out, list) or any(each not in SETTINGS for each in out):
        raise wrong("leave_out", f"a list of some of {', '.join(SETTINGS)}, each in quotes")
    key = values["key"]
    # Its value is not repeated: it may be the key itself, put where its variable belongs.
    if not isinstance(key, str) or not re.fullmatch(r"[A-Z][A-Z0-9_]*", key):
        what = f"{where}: key of {provider} is no name of an environment variable, in capitals."
        raise EngineError(
            what, f"Such as GEMINI_API_KEY; a key itself never stands here. {_WAY_OUT}"
        )
    if not telling(key):  # or its value would not be blotted out of logs
        raise wrong("key", "a name that tells a secret, such as one that ends in _API_KEY")
    _check_address(values["base_url"], where, provider)


def _check_address(address: object, where: str, provider: str) -> None:
    if not isinstance(address, str):
        raise EngineError(f"{where}: base_url of {provider} is {address!r}.", _WAY_OUT)
    if not address and provider == "openai":
        raise EngineError(
            "No server is named for `openai:` models.",
            f"Set base_url under [openai] in {where if where.endswith(FILE) else FILE}, such as "
            '"http://localhost:8000/v1" (vLLM), "http://localhost:8080/v1" (llama.cpp) or '
            f'"http://localhost:11434/v1" (Ollama); or export {ADDRESS[provider]}.',
        )
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.hostname):
        what = f"{where}: base_url of {provider} is {address!r}, which is no web address."
        raise EngineError(what, 'It looks like "http://localhost:8000/v1".')
    if parts.username or parts.password:
        what = f"{where}: base_url of {provider} holds a user name or a password."
        raise EngineError(what, "Leave it out; the key goes into an environment variable.")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
