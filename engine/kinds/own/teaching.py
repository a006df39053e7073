"""A data set as the learner's own `create_distilled_dataset` and `filter_sample` make it.

The teacher is asked by the engine, every question once (`engine.teachers.distill`). The code is
then given a client that has the shape of google-genai's and answers with what the teacher said, so
the very same code works on the hosted service. What comes back is held against the answers on
record: a row that the teacher never answered is refused, for nothing may be invented.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from engine.data.problems import Problem
from engine.evaluation.thinking import without_thinking
from engine.kinds.own.gemini_likeness import Client, Response
from engine.runs.own import Code, Fault, Refused, function
from engine.storable import NO_TEXT, storable

CREATE = "create_distilled_dataset"
FILTER = "filter_sample"
TRIED = 5
"""Rows on which the code is tried before the teacher is asked anything."""
AT_A_TIME = 200
"""Rows that cross the line together."""
SHAPE = '[{"role": "assistant", "content": TEXT}]'


@dataclass(frozen=True, slots=True)
class Made:
    """What the code made of the teacher's answers."""

    rows: list[dict[str, Any]]
    """Answers that are kept, as they stand on record but for spaces around their text."""
    left_out: int
    """Answers on record that the code made no row of."""
    filtered: int
    """Rows that the code made and `filter_sample` dropped."""


def trial(code: Code, problems: Sequence[Problem]) -> None:
    """Try the code on the first rows, with a teacher that knows the golds.

    Raises:
        Fault: It raised something, or gave something else than rows with completions.
    """
    few = problems[:TRIED]
    answers = [
        {"problem_id": each.id, "question": each.question, "text": _worked(each)} for each in few
    ]
    try:
        made(code, few, answers, [])
    except Fault as fault:
        when = f"Tried on {len(few)} rows before the teacher is asked"
        raise Fault(f"{when}: {fault.what}", fault.way_out) from None


def made(
    code: Code,
    problems: Sequence[Problem],
    answers: Sequence[Mapping[str, Any]],
    failures: Sequence[Mapping[str, Any]],
    asked: Callable[[int], None] = lambda questions: None,
) -> Made:
    """Let the code make a data set of the problems and of what the teacher said.

    Args:
        code: The learner's.
        problems: All that were asked, in their order.
        answers: On record, each with `problem_id`, `question` and `text`.
        failures: On record, each with `problem_id` and `reason`.
        asked: Called with how many questions the code has asked by now.

    Raises:
        Fault: It raised something, asked what is not on record, or invented a row.
    """
    rows = [{"id": p.id, "question": p.question, "answer": _worked(p)} for p in problems]
    teacher = _Teacher(problems, answers, failures, asked)
    found: list[Any] = []
    code.run(create, lambda start: rows[start : start + AT_A_TIME], teacher.ask, found.extend)
    kept, filtered, taken = [], 0, {}
    on_record = {row["problem_id"]: row for row in answers}
    by_question = defaultdict(list)
    for problem in problems:
        by_question[problem.question].append(problem.id)
    for place, row in enumerate(found, 1):
        id, text = _read(row, place, on_record, by_question)
        if id in taken:
            raise Fault(f"{CREATE}: row {place:,} is row {taken[id]:,} once more.")
        taken[id] = place
        said = {each.strip() for each in teacher.texts[on_record[id]["question"].strip()]}
        if text.strip() not in said:
            what = "this completion is not what the teacher answered"
            raise Fault(f"{CREATE}: row {place:,}: {what}: {text.strip()!r:.80}.")
        if row["keep"]:
            kept.append({**on_record[id], "text": text})
        else:
            filtered += 1
    return Made(kept, len(answers) - len(taken), filtered)


def create(
    module: ModuleType,
    pull: Callable[[int], list],
    ask: Callable[[str], dict],
    give: Callable[[list], None],
) -> None:
    """On the far side: have the code make a data set, and judge each of its rows.

    Args:
        module: The code's.
        pull: Gives the rows from a number on, a part of them.
        ask: Asks the teacher's record.
        give: Takes the rows that were made, a part of them.
    """
    dataset: list[dict] = []
    while part := pull(len(dataset)):
        dataset += part
    client = Client(ask)
    made = function(module, CREATE)(client, dataset)
    if client.refused:  # also where the code has caught it
        raise Refused(client.refused)
    if made is None or isinstance(made, str | Mapping) or not hasattr(made, "__iter__"):
        raise Refused(f"{CREATE} gave {made!r:.80}; it must give a list of rows.")
    judge, rows = getattr(module, FILTER, None), []
    for place, row in enumerate(made, 1):
        if not isinstance(row, Mapping):
            raise Refused(f"{CREATE}: row {place:,} is {row!r:.80}; a row is a dict.")
        told = {name: row.get(name) for name in ("id", "question", "completion")}
        rows.append({**told, "keep": True if judge is None else _judged(judge, row, place)})
    for start in range(0, len(rows), AT_A_TIME):
        give(rows[start : start + AT_A_TIME])


def _judged(judge: Callable[[Any], Any], row: Mapping[str, Any], place: int) -> bool:
    try:
        keep = judge(row)
    except Exception as error:
        error.add_note(f"It was given row {place:,}.")
        raise
    if keep is not True and keep is not False:
        raise Refused(f"{FILTER} gave {keep!r:.40} for row {place:,}; it must be True or False.")
    return keep


def _read(
    row: Any,
    place: int,
    on_record: Mapping[str, Any],
    by_question: Mapping[str, Sequence[str]],
) -> tuple[str, str]:
    """The problem of a row that came from the code's process, and the text of its completion."""
    match row:
        case {
            "id": id,
            "question": str(question),
            "completion": [{"role": "assistant", "content": str(text), **more}],
            "keep": bool(),
        } if not more:
            if storable(text) != text:
                raise Fault(f"{CREATE}: row {place:,}: {text!r:.80}. {NO_TEXT}")
        case {"question": question, "completion": completion}:
            wanted = f"its question must be as it was, its completion {SHAPE}"
            got = f"{question!r:.60} and {completion!r:.80}"
            raise Fault(f"{CREATE}: row {place:,}: {wanted}; they are {got}.")
        case _:
            raise Fault(f"{CREATE}: row {place:,} is no row.")
    ids = by_question.get(question, ())
    if not ids or (id is not None and id not in ids):
        raise Fault(
            f"{CREATE}: row {place:,}: the data set has no such question: {question!r:.80}."
        )
    id = ids[0] if id is None else id
    if id not in on_record:
        raise Fault(f"{CREATE}: row {place:,}: the teacher has no answer to it, so it is invented.")
    return id, text


class _Teacher:
    """Answers from the record, as often as it is asked."""

    def __init__(
        self,
        problems: Sequence[Problem],
        answers: Sequence[Mapping[str, Any]],
        failures: Sequence[Mapping[str, Any]],
        asked: Callable[[int], None],
    ) -> None:
        self._asked, self._questions = asked, 0
        self.texts: dict[str, list[str]] = defaultdict(list)
        self._replies: dict[str, dict[str, Any]] = {}
        reasons = {row["problem_id"]: row["reason"] for row in failures}
        for problem in problems:
            question = problem.question.strip()
            self._replies.setdefault(question, _failed(reasons.get(problem.id, "not answered")))
        for row in answers:
            question = row["question"].strip()
            if not (said := without_thinking(row["text"])):
                self._replies[question] = _failed("empty")  # it thought, and wrote nothing
                continue
            self.texts[question].append(said)
            self._replies[question] = Response.told(
                self.texts[question][0], "STOP", row.get("tokens_in", 0), row.get("tokens_out", 0)
            )

    def ask(self, contents: str) -> dict[str, Any]:
        """What the far side's client is told."""
        self._questions += 1
        self._asked(self._questions)
        reply = self._replies.get(contents.strip())
        if reply is None:
            return {"refused": f"The teacher was never asked this: {contents!r:.100}. {_AS_IT_IS}"}
        return reply


def _worked(problem: Problem) -> str:
    """A problem's gold answer in GSM8K's format; the number alone, where only that is known."""
    return problem.answer or f"#### {problem.gold}"


_AS_IT_IS = "Ask each row's question as it is: every answer on record is to one of these."


def _failed(reason: str) -> dict[str, Any]:
    """What a real client would do where the teacher failed for that reason."""
    if reason.startswith("cut off"):
        return Response.told(None, "MAX_TOKENS")
    if reason == "empty":
        return Response.told(None, "STOP")
    if "block" in reason:
        return Response.told(None, "SAFETY")
    return {"error": {"code": 503, "message": reason}}
