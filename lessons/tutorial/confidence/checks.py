"""What a confidence is held against: samples that are planted."""

import copy
import random

from engine.cascades.voting import vote
from engine.evaluation.answers import extract, same
from lessons.kit.checks import Failed, check, expect, lent

QUESTION = [{"role": "user", "content": "Leo has 1,000 cards. How many are that?"}]


class Student:
    """Gives planted samples, and remembers what it was asked."""

    def __init__(self, texts):
        self.texts, self.drawn, self.calls = texts, 0, []

    def sample(self, messages, generation_config, num_samples):
        """The next of them."""
        self.calls.append((copy.deepcopy(messages), generation_config, num_samples))
        if self.drawn + num_samples > len(self.texts):
            raise Failed(
                "Your code drew more samples than num_samples.",
                str(len(self.texts)),
                str(self.drawn + num_samples),
            )
        self.drawn += num_samples
        return self.texts[self.drawn - num_samples : self.drawn]


class Config:
    """How samples are drawn: handed through, never looked at here."""

    temperature, top_p, do_sample, max_new_tokens = 0.7, 0.9, True, 200


def said(learner, texts):
    """The answer and the confidence that the learner's code finds in these samples."""
    student, messages = Student(texts), copy.deepcopy(QUESTION)
    pair = learner.student_answer_and_confidence(student, messages, Config(), len(texts))
    if type(pair) is not tuple or len(pair) != 2:
        raise Failed("It should give a pair: the answer and the confidence.", got=repr(pair)[:200])
    if type(pair[0]) is not str:
        raise Failed('The answer should be text; "" where there is none.', got=repr(pair[0])[:200])
    if isinstance(pair[1], bool) or not isinstance(pair[1], int | float):
        raise Failed("The confidence should be a number.", got=repr(pair[1])[:200])
    if student.drawn != len(texts):
        raise Failed(
            "Your code did not draw num_samples samples.", str(len(texts)), str(student.drawn)
        )
    return pair


def wants(learner, texts, answer, confidence):
    """Hold what it says of samples against what is right."""
    got, sure = said(learner, texts)
    about = f"of {texts}" if len(texts) <= 8 else f"of {len(texts)} samples"
    if got != answer and not (answer and same(got, answer)):
        raise Failed(f"The answer {about} is another.", repr(answer), repr(got))
    expect(sure, confidence, f"the confidence {about}")


@check
def takes_the_most_frequent(learner):
    """The answer is the number that most samples give; the confidence is their share of K."""
    wants(learner, ["2 + 1 = 3\n#### 3", "#### 5", "So #### 3"], "3", 2 / 3)
    wants(learner, ["#### 8", "#### 3", "#### 5", "#### 8", "#### 8"], "8", 0.6)
    wants(learner, ["#### 42"] * 5, "42", 1.0)


@check
def draws_as_it_is_told(learner):
    """Exactly num_samples samples are drawn, by the messages and the generation_config given."""
    for k in (1, 4):
        student, config = Student(["#### 3"] * k), Config()
        learner.student_answer_and_confidence(student, copy.deepcopy(QUESTION), config, k)
        expect(student.drawn, k, f"the number of samples drawn with num_samples={k}")
        for messages, given, _ in student.calls:
            expect(
                messages, QUESTION, f"the messages that the model was asked with num_samples={k}"
            )
            assert given is config, (
                f"The generation_config is to be handed to `sample` as it came (num_samples={k})."
            )


@check(needs="takes_the_most_frequent")
def takes_one_sample(learner):
    """With K = 1 the one sample is the answer, at confidence 1.0."""
    wants(learner, ["#### 7"], "7", 1.0)


@check(needs="takes_the_most_frequent")
def compares_numbers(learner):
    """`1,000`, `1000`, `$1000` and `1000.00` are one answer, and so are `18` and `18.0`."""
    wants(learner, ["#### 1,000", "#### 1000", "#### 7"], "1000", 2 / 3)
    wants(learner, ["#### 7", "#### 1,000", "#### 7", "#### $1000", "#### 1000.00"], "1000", 0.6)
    wants(learner, ["#### 18.0", "#### 4", "#### 18"], "18", 2 / 3)
    wants(learner, ["#### -5", "#### 5", "#### -5"], "-5", 2 / 3)


@check(needs="takes_the_most_frequent")
def gives_ties_to_the_first(learner):
    """In a tie the answer that came first wins."""
    wants(learner, ["#### 5", "#### 3", "#### 3", "#### 5"], "5", 0.5)
    wants(learner, ["#### 3", "#### 5", "#### 5", "#### 3"], "3", 0.5)
    wants(learner, ["#### 9", "#### 20", "#### 1"], "9", 1 / 3)


@check(needs="takes_the_most_frequent")
def counts_the_invalid_in_k(learner):
    """A sample without a number counts in K, and never wins, however many there are."""
    wants(learner, ["I do not know.", "#### 4", "Hm."], "4", 1 / 3)
    wants(learner, ["", "", "", "#### 4", "#### 4"], "4", 0.4)


@check
def says_nothing_of_nothing(learner):
    """Where no sample has a number, the answer is "" and the confidence 0.0."""
    for texts in (["Hm."], ["", "I do not know.", "Eggs."]):
        answer, confidence = said(learner, texts)
        expect(answer, "", f"the answer of {texts}")
        expect(confidence, 0.0, f"the confidence of {texts}")


@check(needs="takes_the_most_frequent")
def leaves_the_messages_alone(learner):
    """The messages are afterwards what they were before."""
    messages = lent(QUESTION)
    learner.student_answer_and_confidence(Student(["#### 3", "#### 3"]), messages, Config(), 2)
    expect(messages, QUESTION, "the messages, afterwards,")


@check(
    needs=(
        "compares_numbers", "gives_ties_to_the_first", "counts_the_invalid_in_k",
        "says_nothing_of_nothing",
    )
)  # fmt: skip
def agrees_with_the_engine(learner):
    """On 200 sets of samples it says what the engine's own vote says."""
    rng = random.Random(3)
    written = ["#### 12", "#### 12.0", "#### 1,200", "#### $1200", "#### 7", "#### -7", "None.", ""]
    for _ in range(200):
        texts = rng.choices(written, k=rng.choice([1, 2, 3, 5, 8]))
        voted = vote([extract(text).value for text in texts])
        wants(learner, texts, voted.answer or "", voted.confidence)
