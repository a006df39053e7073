"""Task 1.1.2: from a row of GSM8K to a prompt and the answer that it is judged by."""

import re
from typing import Any

FINAL = re.compile(r"####[^\S\n]*(-?)[^\S\n]*\$?[^\S\n]*(-?)([\d,]*\.?\d+)")
"""A minus may stand before or after the dollar sign; a dot counts only with a digit behind it."""


def extract_final_answer(answer: str) -> str:
    """The number that stands after the last `####`, bare. Raises ValueError without one."""
    found = FINAL.findall(answer)
    if not found:
        raise ValueError(f"no number after #### in {answer!r}")
    before, after, digits = found[-1]
    return before + after + digits.replace(",", "")


def to_prompt_ground_truth_pair(sample: dict[str, Any]) -> dict[str, Any]:
    """The prompt and the ground truth of a row."""
    return {
        "prompt": [{"role": "user", "content": sample["question"]}],
        "ground_truth": extract_final_answer(sample["answer"]),
    }
