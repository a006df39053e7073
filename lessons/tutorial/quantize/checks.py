"""What the transformed data set is held against: rows of the built-in generator, and hard ones."""

import re
from decimal import Decimal

from engine.data.problems import DataSpec
from lessons.kit.checks import Failed, check, expect, lent, refuses

GENERATED = [
    each
    for level in (1, 3, 5)
    for each in DataSpec(split="train", level=level, limit=40, seed=11).problems()
]
QUESTION = "Ava has 3 boxes of 6 eggs and 2 eggs break.\nHow many are whole?"
WORKED = "3 boxes hold 3 * 6 = <<3*6=18>>18 eggs.\n18 - 2 = <<18-2=16>>16 are whole.\n#### 16"
PLAIN = re.compile(r"-?\d+(\.\d+)?")
"""A number as it is written without signs of money, thousands or sentences."""


def truth(learner, answer):
    """The ground truth that the learner's code makes of a row with this answer."""
    made = learner.to_prompt_ground_truth_pair({"question": QUESTION, "answer": answer})
    if not isinstance(made, dict) or "ground_truth" not in made:
        raise Failed("A row should become a dict with `prompt` and `ground_truth`.", got=repr(made))
    return made["ground_truth"]


def wants(learner, cases):
    """Each last line of a worked answer should give its number, as text."""
    for line, number in cases:
        got = truth(learner, f"First 2 + 3 = <<2+3=5>>5.\n{line}")
        if type(got) is str and PLAIN.fullmatch(got) and Decimal(got) == Decimal(number):
            continue  # 2.5 is 2.50
        expect(got, number, f"of {line!r} the truth")


@check
def makes_the_pair(learner):
    """A row becomes a `prompt` of one turn, the user's, and a `ground_truth` as text."""
    made = learner.to_prompt_ground_truth_pair({"question": QUESTION, "answer": WORKED})
    prompt = [{"role": "user", "content": QUESTION}]
    expect(made, {"prompt": prompt, "ground_truth": "16"}, "the pair")


@check
def reads_thousands(learner):
    """`#### 1,319` is 1319, and `#### 1,250,000` is 1250000: no comma is left."""
    wants(learner, [("#### 1,319", "1319"), ("#### 1,250,000", "1250000"), ("#### 70000", "70000")])


@check
def reads_negatives(learner):
    """`#### -5` is -5: the minus belongs to the number."""
    wants(learner, [("#### -5", "-5"), ("#### -1,200", "-1200")])


@check
def reads_money(learner):
    """`#### $18` is 18, `#### -$4` is -4, and `#### $2.50` keeps its cents."""
    wants(learner, [("#### $18", "18"), ("#### $2.50", "2.50"), ("#### -$4", "-4")])
    wants(learner, [("#### $1,024", "1024"), ("#### 0.75", "0.75")])


@check
def reads_a_dot_at_the_end(learner):
    """`#### 18.` is 18: the dot ends a sentence."""
    wants(learner, [("#### 18.", "18"), ("#### 1,319.", "1319"), ("#### 2.5.", "2.5")])


@check
def reads_any_spacing(learner):
    """Spaces around `####`, as in `#### $ 18`, before the number or after it change nothing."""
    wants(
        learner, [("####18", "18"), ("####   18", "18"), ("  #### 18  ", "18"), ("#### 18\n", "18")]
    )
    wants(learner, [("####\t18\n\n", "18"), ("#### $ 18", "18")])


@check
def takes_the_last_mark(learner):
    """Where `####` comes more than once, the last one counts."""
    wants(
        learner, [("#### 4\nWait, one egg broke.\n#### 3", "3"), ("#### 1,000 #### 2,000", "2000")]
    )


@check
def refuses_a_row_without_an_answer(learner):
    """A row with no number after `####` raises ValueError: nothing is guessed, nothing is None."""
    for answer in ("3 * 6 = <<3*6=18>>18 eggs.", "It is 16.\n####", "", "#### \n16 is the number."):
        with refuses(ValueError, f"The answer {answer!r}"):
            truth(learner, answer)


@check(needs="makes_the_pair")
def asks_the_question_as_it_is(learner):
    """The question is asked letter by letter, and the worked answer is not in the prompt."""
    for question in (QUESTION, "How much is $1,000 - $1? ", "¿Cuántos? #### 7 is no answer here"):
        made = learner.to_prompt_ground_truth_pair({"question": question, "answer": WORKED})
        expect(
            made["prompt"], [{"role": "user", "content": question}], f"of {question!r} the prompt"
        )
        expect(made["ground_truth"], "16", f"of {question!r} the truth")


@check(needs="makes_the_pair")
def leaves_the_row_alone(learner):
    """The row that was handed over is afterwards what it was before."""
    row = {"question": QUESTION, "answer": WORKED, "tags": ["eggs"]}
    handed = lent(row)
    learner.to_prompt_ground_truth_pair(handed)
    expect(handed, row, "the row, afterwards,")


@check(needs="makes_the_pair")
def reads_many_rows(learner):
    """120 rows of the built-in data set give their gold answers."""
    for each in GENERATED:
        made = learner.to_prompt_ground_truth_pair(
            {"question": each.question, "answer": each.answer}
        )
        expect(made["ground_truth"], each.gold, f"of {each.answer[-40:]!r} the truth")
        expect(
            made["prompt"],
            [{"role": "user", "content": each.question}],
            f"of {each.question!r} the prompt",
        )
