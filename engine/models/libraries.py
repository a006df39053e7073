"""transformers, bitsandbytes and peft: imported late, quietly, and without a word to any network.

Importing bitsandbytes on some CPUs looks for a compute kernel on the model hub where the package
`kernels` is installed. A result must not depend on that, nor may a load of a built-in model reach
for the network, so `kernels` is hidden from what is imported after this.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
sys.modules.setdefault("kernels", None)  # type: ignore[arg-type]

for name in (
    "bitsandbytes.backends.cpu.ops",  # "please install kernels"
    "bitsandbytes.autograd._functions",  # "inputs will be cast", once a matrix product
):
    logging.getLogger(name).setLevel(logging.ERROR)
warnings.filterwarnings("ignore", message=".*_check_is_size.*", category=FutureWarning)

import bitsandbytes  # noqa: E402
import transformers  # noqa: E402

transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()

__all__ = ["bitsandbytes", "transformers"]
