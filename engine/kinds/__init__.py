"""What can be computed: a `Kind` for each kind of run, and for each a module that computes it.

That module is looked up by name and imported late, as most of them import torch.
"""

from engine.kinds.kind import KINDS, compute, read
from engine.kinds.known import CASCADE, EVALUATE, SAMPLE, SFT, TEACH

__all__ = ["CASCADE", "EVALUATE", "KINDS", "SAMPLE", "SFT", "TEACH", "compute", "read"]
