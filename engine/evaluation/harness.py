"""lm-evaluation-harness's two GSM8K scores, from its published patterns.

They stand beside our own so that a score can be compared with a leaderboard's. Both compare
strings, so they fail answers that are right: `#### $18`, `####18`, `18.00`, `5 000`
(see `tests/engine/evaluation/test_harness.py`).

    strict     the first match of   #### (\\-?[0-9\\.\\,]+)
    flexible   the last match of    (-?[$0-9.,]{2,})|(-?[0-9]+)

What was found, and the gold answer, then lose every `,` and `$`, all up to `#### `, and a final
`.`; letters compare without case. https://github.com/EleutherAI/lm-evaluation-harness, task gsm8k.
"""

from __future__ import annotations

import re

INVALID = "[invalid]"
"""What the harness puts where a pattern finds nothing."""

_STRICT = re.compile(r"#### (\-?[0-9\.\,]+)")
_FLEXIBLE = re.compile(r"(-?[$0-9.,]{2,})|(-?[0-9]+)")
_IGNORED = tuple(re.compile(each) for each in (r",", r"\$", r"(?s).*#### ", r"\.$"))


def strict_value(text: str) -> str:
    """The first `#### ` number as the harness reads it, or `[invalid]`."""
    found = _STRICT.search(text)
    return found.group(1).strip() if found else INVALID


def flexible_value(text: str) -> str:
    """The last thing that the harness takes for a number, or `[invalid]`."""
    found = None
    for found in _FLEXIBLE.finditer(text):  # noqa: B007  only the last one counts
        pass
    return (found.group(1) or found.group(2)).strip() if found else INVALID


def strict(text: str, gold: str) -> bool:
    """Whether the harness's strict score counts `text` as right.

    Args:
        text: What the model wrote.
        gold: The number, or the whole gold answer with its `#### ` line.
    """
    return _clean(strict_value(text)) == _clean(gold)


def flexible(text: str, gold: str) -> bool:
    """Whether the harness's flexible score counts `text` as right; arguments as for `strict`."""
    return _clean(flexible_value(text)) == _clean(gold)


def _clean(value: str) -> str:
    for ignored in _IGNORED:
        value = ignored.sub("", value)
    return value.lower()
