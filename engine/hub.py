"""From a hub id to a local folder: from the hub's own cache where it is whole, else downloaded.

A model that is in the cache is used as it is, without asking the network whether there is a newer
one; so a run is repeatable and an evening without a network is no worse than another.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.errors import DiskFull, EngineError, GatedModel, ModelNotFound, NoNetwork

FILES = ("*.json", "*.safetensors", "*.model", "*.txt", "*.jinja")
"""What a model needs; weights in pickled files are not downloaded, as loading those runs code."""

Progress = Callable[[str], None]


def fetch(
    hub_id: str,
    *,
    before: Callable[[Path], None] = lambda folder: None,
    progress: Progress = lambda message: None,
    endpoint: str | None = None,
) -> tuple[Path, str]:
    """The folder of a hub model, downloaded if need be, and its revision.

    Args:
        hub_id: owner/name.
        before: Called with a folder that holds the config, before the weights are downloaded; it
            may raise, as where the model would not fit.
        progress: Told how far the download is.
        endpoint: Another hub than the usual one.

    Raises:
        ModelNotFound: There is no such model, or it has no safetensors weights.
        GatedModel: Its owner asks for something first.
        NoNetwork: The hub cannot be reached.
        DiskFull: There is not enough room for it.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    def ask(patterns: tuple[str, ...] = FILES, **options: Any) -> Any:
        return snapshot_download(
            hub_id, allow_patterns=list(patterns), endpoint=endpoint, **options
        )

    try:
        folder = Path(ask(local_files_only=True))
    except LocalEntryNotFoundError:
        with plain_errors(hub_id):
            progress(f"looking for {hub_id} on the hub")
            files = ask(dry_run=True)
            _check_files(hub_id, {file.filename for file in files})
            before(Path(ask(("config.json",), tqdm_class=_silent([]))))
            _check_room(hub_id, sum(file.file_size or 0 for file in files if file.will_download))
            folder = Path(_watched(ask, hub_id, progress))
    return folder, folder.name


def cached(hub_id: str) -> Path | None:
    """The folder of a hub model that is whole on this machine; None where it is not."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(hub_id, allow_patterns=list(FILES), local_files_only=True))
    except LocalEntryNotFoundError:
        return None


@contextmanager
def plain_errors(hub_id: str) -> Iterator[None]:
    """Turn whatever the hub's client raises into an error that says the way out."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        plain = _plain(hub_id, list(_chain(error)))
        if plain is None:
            raise
        raise plain from error


def _plain(hub_id: str, errors: list[BaseException]) -> EngineError | None:
    from huggingface_hub import errors as hub

    def any_of(*kinds: type[BaseException]) -> bool:
        return any(isinstance(error, kinds) for error in errors)

    if any_of(hub.GatedRepoError):
        return GatedModel(
            f"{hub_id} is gated: its owner asks for something first.",
            f"Accept its terms at https://huggingface.co/{hub_id}, "
            "then log in with `hf auth login`.",
        )
    if any_of(hub.RepositoryNotFoundError, hub.RevisionNotFoundError, hub.HFValidationError):
        return ModelNotFound(
            f"The hub has no model {hub_id}, or it is private.",
            "Check the spelling; for a private one, log in with `hf auth login`.",
        )
    if any(isinstance(error, OSError) and error.errno == errno.ENOSPC for error in errors):
        return DiskFull(
            f"The disk filled up while {hub_id} was being downloaded.",
            f"Free some room in {_cache()}; the download carries on where it stopped.",
        )
    unreachable = (hub.LocalEntryNotFoundError, hub.OfflineModeIsEnabled, hub.DryRunError)
    if any_of(*unreachable, ConnectionError, TimeoutError, hub.HfHubHTTPError) or any(
        "Connect" in type(error).__name__ or "Timeout" in type(error).__name__ for error in errors
    ):
        return NoNetwork(
            f"{hub_id} is not on this machine, and the hub cannot be reached: {errors[-1]}",
            "Connect to the network, or use a built-in model (acorn, oak) or a folder.",
        )
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _check_files(hub_id: str, names: set[str]) -> None:
    if "config.json" not in names:
        raise ModelNotFound(
            f"{hub_id} on the hub has no config.json.", "Choose a model that transformers loads."
        )
    if not any(name.endswith(".safetensors") for name in names):
        raise ModelNotFound(
            f"{hub_id} on the hub has no safetensors weights.",
            "Choose a model that has; other formats can run code when they are loaded.",
        )


def _check_room(hub_id: str, needed: int) -> None:
    cache = Path(_cache())
    standing = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(standing).free
    if needed > free:
        raise DiskFull(
            f"{hub_id} is {needed / 1e9:.1f} GB to download; {cache} has {free / 1e9:.1f} GB free.",
            "Free some room, or point HF_HOME at a larger disk.",
        )


def _cache() -> str:
    from huggingface_hub import constants

    return os.fspath(constants.HF_HUB_CACHE)


def _watched(download: Callable[..., Any], hub_id: str, progress: Progress) -> Any:
    """Download on a thread and tell how far it is from this one, which may hold a database."""
    bars: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(download, tqdm_class=_silent(bars))
        while not wait([going], timeout=0.5).done:
            total = max((bar.total or 0 for bar in bars), default=0)
            if total:
                there = max(bar.n for bar in bars)
                progress(f"downloading {hub_id}: {there / 1e6:,.0f} of {total / 1e6:,.0f} MB")
        return going.result()


def _silent(bars: list[Any]) -> type:
    """A progress bar that draws nothing and only counts; those that count bytes join `bars`."""
    from huggingface_hub.utils import tqdm

    class Silent(tqdm):  # type: ignore[misc, valid-type]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, "disable": True})
            if options.get("unit") == "B":
                bars.append(self)

        def update(self, n: float | None = 1) -> None:
            self.n += n or 0

    return Silent
