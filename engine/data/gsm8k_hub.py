"""GSM8K's rows from the hub, or from its cache on this machine. Imports `datasets`."""

from __future__ import annotations

from typing import Any

import datasets

from engine.errors import GatedModel, ModelNotFound, NoNetwork
from engine.hub import plain_errors
from engine.quiet import quiet

HUB_ID, CONFIG = "openai/gsm8k", "main"


def rows() -> dict[str, list[dict[str, Any]]]:
    """The rows of `train` and `test`.

    Raises:
        NoNetwork: They are not on this machine, and the hub cannot give them.
    """
    try:
        with plain_errors(HUB_ID), quiet():
            loaded = datasets.load_dataset(HUB_ID, CONFIG)
    except (NoNetwork, ModelNotFound, GatedModel) as error:
        raise NoNetwork(
            f"The data set {HUB_ID} is not on this machine, and the hub does not give it.",
            "Connect to the network, or give a folder that holds GSM8K's train.jsonl and "
            "test.jsonl: --data PATH.",
        ) from error
    return {name: list(split) for name, split in loaded.items()}
