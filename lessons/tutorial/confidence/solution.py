"""Task 3.1: the student's answer, and how sure that makes us, from K samples."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

NUMBER = r"-?\$?\d[\d,]*(?:\.\d+)?"


def extract_final_answer(text: str) -> str:
    """The number that a text gives as its answer, just as it stands there: `1,000`, `$18`, `18.00`.

    It is the first one after `####`, else the last one of the text; "" where there is none.
    """
    marked = re.search(rf"####\s*({NUMBER})", text)
    if marked:
        return marked[1]
    numbers = re.findall(NUMBER, text)
    return numbers[-1] if numbers else ""


def sample(
    model: Any, messages: list[dict[str, str]], generation_config: Any, num_samples: int
) -> list[str]:
    """Draw `num_samples` answers to the same messages: their texts, in the order they were drawn.

    The model may be the tutor's, whose samples are stored, or one of transformers', which
    generates them now, all together.
    """
    if hasattr(model, "sample"):
        return list(model.sample(messages, generation_config, num_samples))
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model.name_or_path)
    asked = tokenizer.apply_chat_template(
        messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"
    ).to(model.device)
    written = model.generate(
        **asked, generation_config=generation_config, num_return_sequences=num_samples
    )
    return tokenizer.batch_decode(
        written[:, asked["input_ids"].shape[1] :], skip_special_tokens=True
    )


def student_answer_and_confidence(
    model: Any, messages: list[dict[str, str]], generation_config: Any, num_samples: int
) -> tuple[str, float]:
    """The answer that most samples agree on, and the share of all samples that do."""
    texts = sample(model, messages, generation_config, num_samples)
    votes = Counter(
        number for text in texts if (number := as_number(extract_final_answer(text))) is not None
    )
    if not votes:
        return "", 0.0
    number, count = votes.most_common(1)[0]  # of equals, the one that was counted first
    return format(number, "f"), count / num_samples


def as_number(written: str) -> Decimal | None:
    """What `$1,000.00` comes to; equal decimals are one key, however they are written."""
    return Decimal(re.sub(r"[$,]", "", written)) if written else None
