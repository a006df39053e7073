"""What the distilled data set is held against: a teacher that is planted, and plays up."""

import copy
import random
import time
from contextlib import suppress

from engine.kinds.own.gemini_likeness import Response, error
from lessons.kit.checks import Failed, check, expect, refuses

MOST = 3
"""How often a question may be asked."""


class Teacher:
    """Says what it is told to say, and remembers what it was asked."""

    def __init__(self, says):
        """`says`: by question what comes of asking it, one after another, the last one for ever.

        A text, a pair of text and finish reason, or an error.
        """
        self.says, self.asked, self.at = says, [], []
        self.seconds = 0.0
        self.models = Models(self)

    def answer(self, question):
        """What comes of asking it once more."""
        if type(question) is not str or question not in self.says:
            what = "Your code asked the teacher something that is no question of the data set."
            raise Failed(what, got=repr(question)[:200])
        self.at.append(time.monotonic())
        self.asked.append(question)
        if len(self.asked) > 1000:
            raise Failed("Your code has asked the teacher 1,000 times, and did not stop.")
        time.sleep(self.seconds)
        said = self.says[question]
        said = said if isinstance(said, list) else [said]
        now = said[min(self.asked.count(question), len(said)) - 1]
        if isinstance(now, Exception):
            raise now
        text, finish = now if isinstance(now, tuple) else (now, "STOP")
        return Response.read(Response.told(text, finish, len(question), len(text or "")))


class Models:
    """`client.models`."""

    def __init__(self, teacher):
        self.teacher = teacher

    def generate_content(self, model=None, contents=None, config=None):
        """As google-genai's."""
        return self.teacher.answer(contents)


class Clock:
    """In place of `time.sleep`: nobody waits, and it is remembered who wanted to."""

    def __init__(self):
        self.slept = []

    def sleep(self, seconds):
        """Does not."""
        self.slept.append(seconds)


def stop_the_clock(learner):
    """Let waiting take no time; a file that sleeps by other means does wait."""
    clock = Clock()
    with suppress(AttributeError):
        learner.time.sleep = clock.sleep
    return clock


def rows_of(questions):
    return [
        {"question": question, "answer": f"Worked.\n#### {place}", "number": place}
        for place, question in enumerate(questions, 10)
    ]


def distilled(learner, teacher, dataset):
    """What the learner's code makes of a data set, as a list."""
    stop_the_clock(learner)
    made = learner.create_distilled_dataset(teacher, dataset)
    if type(made) not in (list, tuple):
        raise Failed("What comes back should be a list of rows.", got=repr(made)[:200])
    return list(made)


def completed(row, text):
    return {**row, "completion": [{"role": "assistant", "content": text}]}


def busy(times, then, code=503):
    """Fails so often, then says something."""
    return [error(code, "The service is busy.")] * times + [then]


@check
def adds_the_completion(learner):
    """Each row comes back with all that it had, and the teacher's text as its `completion`."""
    rows = rows_of(["What is 5 + 5?", "What is 5 + 6?"])
    says = {"What is 5 + 5?": "5 + 5 = 10\n#### 10", "What is 5 + 6?": "5 + 6 = 11\n#### 11"}
    for row in rows:
        wanted = [completed(row, says[row["question"]])]
        got = distilled(learner, Teacher(says), [copy.deepcopy(row)])
        expect(got, wanted, f"the distilled data set of the row {row}")


@check
def takes_an_empty_data_set(learner):
    """A data set without rows gives one without rows, and asks nothing."""
    teacher = Teacher({})
    expect(distilled(learner, teacher, []), [], "the distilled data set")
    expect(teacher.asked, [], "what was asked")


@check(needs="adds_the_completion")
def keeps_the_order(learner):
    """Rows stay in their order, whatever it is."""
    questions = [f"Question {number}?" for number in random.sample(range(1000), 60)]
    says = {question: f"Answer to {question}" for question in questions}
    made = distilled(learner, Teacher(says), rows_of(questions))
    expect([row["question"] for row in made], questions, "the questions, in their order,")


@check(needs="adds_the_completion")
def waits_for_a_slow_teacher(learner):
    """A teacher that is slow is waited for, and asked each question once."""
    says = {"One?": "#### 1", "Two?": "#### 2", "Three?": "#### 3"}
    teacher = Teacher(says)
    teacher.seconds = 0.4
    made = distilled(learner, teacher, rows_of(says))
    expect(sorted(teacher.asked), sorted(says), "what was asked")
    expect(len(made), 3, "the number of rows")


@check(needs="adds_the_completion")
def asks_again(learner):
    """A question that failed (503, 429, a timeout) is asked again, up to a third time."""
    says = {
        "Busy?": busy(2, "#### 1"),
        "Over quota?": busy(2, "#### 2", code=429),
        "Timed out?": [TimeoutError("timed out"), "#### 3"],
    }
    teacher = Teacher(says)
    made = distilled(learner, teacher, rows_of(says))
    expect([row["question"] for row in made], list(says), "the rows that came back")
    expect(made[0]["completion"][0]["content"], "#### 1", "the text of the first")
    expect(len(teacher.asked), 8, "how often the teacher was asked in all")


@check(needs="asks_again")
def waits_before_it_asks_again(learner):
    """Before a question is asked again your code waits, longer the second time."""
    teacher = Teacher({"Busy?": busy(2, "#### 1")})
    clock = stop_the_clock(learner)
    learner.create_distilled_dataset(teacher, rows_of(["Busy?"]))
    gaps = [later - sooner for sooner, later in zip(teacher.at, teacher.at[1:], strict=False)]
    waits = clock.slept if clock.slept else gaps
    if len(waits) < 2 or min(waits) < 0.2:
        raise Failed("It asked again at once. `back_off` waits.", "two waits", repr(waits))
    if waits[-1] <= waits[0]:
        raise Failed("The second wait is no longer than the first.", got=repr(waits))


@check(needs="asks_again")
def gives_up_in_the_end(learner):
    """A question that always fails is asked 3 times at most, and its row is left out."""
    says = {"Fine?": "#### 1", "Down?": busy(1, error(500, "down")), "Well?": "#### 3"}
    teacher = Teacher(says)
    rows = rows_of(says)
    made = distilled(learner, teacher, copy.deepcopy(rows))
    expect(made, [completed(rows[0], "#### 1"), completed(rows[2], "#### 3")], "the rows kept")
    times = teacher.asked.count("Down?")
    if not 2 <= times <= MOST:
        raise Failed(f"It was asked {times} times.", f"2 to {MOST} times", str(times))


@check(needs="adds_the_completion")
def asks_a_repeated_question_once(learner):
    """A question that stands in two rows is paid for once, and both rows get the answer."""
    rows = rows_of(["Same?", "Other?", "Same?", "Gone?", "Gone?"])
    teacher = Teacher({"Same?": "#### 1", "Other?": "#### 2", "Gone?": error(503, "down")})
    made = distilled(learner, teacher, copy.deepcopy(rows))
    texts = ["#### 1", "#### 2", "#### 1"]
    wanted = [completed(row, text) for row, text in zip(rows, texts, strict=False)]
    expect(made, wanted, "the distilled data set")
    expect(teacher.asked.count("Same?"), 1, "how often the repeated question was asked")
    if teacher.asked.count("Gone?") > MOST:
        raise Failed(f"The one that fails was asked {teacher.asked.count('Gone?')} times.")


@check(needs="adds_the_completion")
def leaves_out_what_is_cut_off(learner):
    """An answer that was cut off (finish reason MAX_TOKENS) is no answer, however good it looks."""
    says = {"Long?": ("First 2 + 3 = 5. Then #### 5", "MAX_TOKENS"), "Short?": "#### 1"}
    teacher = Teacher(says)
    made = distilled(learner, teacher, rows_of(says))
    expect([row["question"] for row in made], ["Short?"], "the rows that came back")
    if teacher.asked.count("Long?") > MOST:
        raise Failed(f"It was asked {teacher.asked.count('Long?')} times.")


@check(needs="adds_the_completion")
def leaves_out_what_is_empty_or_blocked(learner):
    """Where the teacher wrote nothing, only spaces, or was blocked, the row is left out."""
    says = {"Nothing?": None, "Blank?": " \n", "Blocked?": (None, "SAFETY"), "Fine?": "#### 1"}
    made = distilled(learner, Teacher(says), rows_of(says))
    expect([row["question"] for row in made], ["Fine?"], "the rows that came back")


@check(needs="adds_the_completion")
def lets_other_errors_up(learner):
    """A refused key (403) is not asked again and not swallowed: the error goes up."""
    teacher = Teacher({"One?": error(403, "This key may not."), "Two?": "#### 2"})
    with refuses(Exception, "A key that is refused"):
        distilled(learner, teacher, rows_of(["One?", "Two?"]))
    expect(teacher.asked.count("One?"), 1, "how often the first question was asked")


@check(needs=("gives_up_in_the_end", "asks_a_repeated_question_once", "leaves_out_what_is_cut_off"))
def holds_in_a_storm(learner):
    """Of 200 rows, with every fault among them, exactly the answered ones come back."""
    rng = random.Random(7)
    says, texts = {}, {}
    for number in range(160):
        question, text = f"Question {number}?", f"It is {number}.\n#### {number}"
        kind = rng.choice(["fine", "fine", "fine", "once", "twice", "down", "cut", "empty"])
        texts[question] = text if kind in ("fine", "once", "twice") else None
        says[question] = {
            "fine": text, "once": busy(1, text), "twice": busy(2, text, rng.choice([429, 500])),
            "down": error(503, "down"), "cut": (text[:9], "MAX_TOKENS"), "empty": "",
        }[kind]  # fmt: skip
    asked = [*says, *rng.sample(sorted(says), 40)]
    rng.shuffle(asked)
    rows = rows_of(asked)
    wanted = [completed(r, texts[r["question"]]) for r in rows if texts[r["question"]] is not None]
    teacher = Teacher(says)
    expect(distilled(learner, teacher, copy.deepcopy(rows)), wanted, "the distilled data set")
    most = max(teacher.asked.count(question) for question in says)
    if most > MOST:
        raise Failed(f"One question was asked {most} times.")


@check(needs="adds_the_completion")
def filters_by_true_and_false(learner):
    """`filter_sample`, where your file has it, says True or False, and True of a right answer."""
    row = completed(rows_of(["What is 5 + 5?"])[0], "5 + 5 = <<5+5=10>>10\n#### 10")
    wrong = completed(row, "5 + 5 = 11\n#### 11")
    try:
        judge = learner.filter_sample
    except AttributeError:
        return
    expect(judge(row), True, "of a right answer")
    kept = judge(wrong)
    if type(kept) is not bool:
        raise Failed("Of a wrong answer it says neither True nor False.", got=repr(kept))
