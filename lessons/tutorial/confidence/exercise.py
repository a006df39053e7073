"""Task 3.1: the student's answer, and how sure that makes us, from K samples.

    confidence = (samples that agree with the answer) / K

The answer is the number that most samples come to. Once your checks pass, the cascade decides by
your function, on the samples that the sample run has drawn.

  - `1,000`, `1000`, `$1000` and `1000.00` are one answer. Compare numbers, not letters.
  - A sample without a number is no vote, and never wins; but it counts in K, for a student that
    rambles is not sure.
  - In a tie the answer that came first wins.
  - Where no sample has a number, the answer is "" and the confidence 0.0.
"""

import re
from typing import Any

NUMBER = r"-?\$?\d[\d,]*(?:\.\d+)?"


def extract_final_answer(text: str) -> str:
    """The number that a text gives as its answer, just as it stands there: `1,000`, `$18`, `18.00`.

    It is the first one after `####`, else the last one of the text; "" where there is none. In task
    1.1.2 it was the last one after `####`: a worked answer ends with its result, while a model may
    go on after it and ask itself another question.
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
    """The answer that most samples agree on, and the share of all samples that do.

    Args:
        model: The student, for `sample`.
        messages: The conversation that asks the question; it stays as it was.
        generation_config: How to draw: temperature, top-p and so on. `sample` wants it.
        num_samples: K, at least 1. So many samples are drawn, no more and no fewer.

    Returns:
        The number as text, such as `1000`, and a confidence from 0.0 to 1.0.
    """
    raise NotImplementedError
