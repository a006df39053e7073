import pytest
import torch

from engine.data.problems import DataSpec
from engine.models.loading import load
from engine.runs.record import Paused
from engine.teachers import local
from engine.teachers.distill import Answer, Failure
from engine.teachers.local import LocalTeacher

TEACHER = "oak"


@pytest.fixture(scope="module")
def loaded():
    return load(TEACHER, "nf4-dq")


@pytest.fixture(scope="module")
def problems():
    return DataSpec(split="train", level=1, limit=6).problems()


def ask(loaded, problems, tries=0, tokens=120, seed=0):
    [replies] = LocalTeacher(loaded, tokens, seed).ask(problems, tries)
    return {reply.problem_id: reply for reply in replies}


def test_each_problem_gets_its_reply(loaded, problems):
    replies = ask(loaded, problems)
    assert replies.keys() == {problem.id for problem in problems}
    for reply in replies.values():
        assert isinstance(reply, Answer)
        assert reply.text.strip() and 0 < reply.tokens_out <= 120 and reply.tokens_in > 0


def test_it_says_the_same_again(loaded, problems):
    assert ask(loaded, problems) == ask(loaded, problems)


def test_an_answer_that_is_cut_off_is_a_failure(loaded, problems):
    for reply in ask(loaded, problems, tokens=3).values():
        assert reply == Failure(reply.problem_id, "cut off at 3 tokens")


def test_asked_again_it_takes_chances_that_follow_from_the_seed(loaded, problems):
    hard = DataSpec(split="train", level=5, limit=8).problems()
    again = ask(loaded, hard, tries=1, seed=4)
    assert again == ask(loaded, hard, tries=1, seed=4)
    others = [ask(loaded, hard, tries=tries, seed=4) for tries in (0, 2)]
    assert any(each != again for each in others)


def test_nothing_written_is_a_failure(loaded, problems, monkeypatch):
    monkeypatch.setattr(type(loaded.tokenizer), "decode", lambda *_, **__: " \n")
    assert {reply.reason for reply in ask(loaded, problems).values()} == {"empty"}


def test_it_leaves_where_it_is_asked_to(loaded, problems):
    def leave(_token):
        raise Paused

    with pytest.raises(Paused):
        list(LocalTeacher(loaded, 20, 0, leave).ask(problems, 0))


def test_what_does_not_fit_together_is_asked_in_pieces(loaded, problems, monkeypatch):
    usual, sizes, noted = local.generate_batch, [], []

    def on_a_small_card(model, batch, **options):
        sizes.append(len(batch.problems))
        if len(batch.problems) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return usual(model, batch, **options)

    monkeypatch.setattr(local, "generate_batch", on_a_small_card)
    teacher = LocalTeacher(
        loaded, 120, 0, at_most=lambda: noted[-1] if noted else None,
        tell=lambda together, fallback: noted.append(together),
    )  # fmt: skip
    [replies] = teacher.ask(problems, 0)
    assert {reply.problem_id for reply in replies} == {problem.id for problem in problems}
    assert (sizes, noted) == ([6, 3, 2, 2, 2], [3, 2])
    sizes.clear()
    [replies] = teacher.ask(problems, 0)
    assert sizes == [2, 2, 2]
