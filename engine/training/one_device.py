"""The one device of a training, told to every library below that would choose for itself.

With two cards visible Trainer takes both, by nn.DataParallel, which SFTTrainer refuses; and it
computes on `cuda:0` whatever card the model is on, which accelerate refuses for a quantized one.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import torch
from trl import SFTConfig

VARIABLE = "ACCELERATE_TORCH_DEVICE"
"""What accelerate takes its device from, when its state is made."""


def held_to(device: torch.device, make: Callable[[], SFTConfig]) -> SFTConfig:
    """The settings that `make` gives, for a training on that device alone.

    Args:
        device: Where the model is.
        make: Makes the settings; libraries settle on devices while it does.
    """
    if device.type != "cuda":
        return make()
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(device)
    try:
        settings = make()
        _ = settings.device  # settles it, if nothing has yet
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before
    settings._setup_devices = device  # what `device` has cached: cuda:0 until now
    settings._n_gpu = 1
    torch.cuda.set_device(device)
    return settings
