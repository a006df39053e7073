r"""Task 1.1.2: from a row of GSM8K to a prompt and the answer that it is judged by.

A row is a question and a worked answer:

    {"question": "Leo has 1,300 cards and buys 19 more. How many has he now?",
     "answer": "He has 1300 + 19 = <<1300+19=1319>>1,319 cards now.\n#### 1,319"}

What is wanted of it:

    {"prompt": [{"role": "user", "content": "Leo has 1,300 cards and ... has he now?"}],
     "ground_truth": "1319"}

Once your checks pass, the baseline run asks the model what you make of each row.
"""

from typing import Any


def extract_final_answer(answer: str) -> str:
    """The number that stands after `####` in a worked answer: `1319`, `-5`, `18`, `2.5`.

    As text, and bare: without commas in it, without `$`, without spaces around it or a dot after
    it; `2.50` and `2.5` are the same. There may be any number of spaces, or none, between `####`
    and the number, and between `$` and its digits; a minus may stand before the `$`: `#### -$4`.
    Where `####` comes more than once, the last one counts: a worked answer ends with its result.
    (In what a *model* writes it is the first, as you will see in task 3.1: a model may go on after
    its answer, and ask itself another question.)

    Raises:
        ValueError: No number stands after a `####`. Then there is no answer to judge by. A guess,
            or None, would silently count every reply as wrong; better to hear of it now.
    """
    raise NotImplementedError


def to_prompt_ground_truth_pair(sample: dict[str, Any]) -> dict[str, Any]:
    """The prompt and the ground truth of a row.

    The prompt is a conversation of one turn, the user's, and says the question as it is: the
    worked answer must not be in it. The row itself stays as it was.
    """
    raise NotImplementedError
