import re

import pytest

from engine.errors import EngineError
from lessons.kit.course.course import load, stage
from lessons.kit.course.lesson import every_lesson

ROW = {
    "id": "quantize",
    "name": "Quantize",
    "about": "Load it.",
    "runs": ["baseline"],
    "kinds": ["evaluate"],
    "shows": {"run": "baseline", "key": "em", "label": "EM", "as": "score"},
}


def test_ids_are_unique():
    course = load()
    ids = [unit.id for unit in course.units]
    assert len(set(ids)) == len(ids)
    for unit in course.units:
        stages = [stage.id for stage in unit.stages]
        assert len(set(stages)) == len(stages)


def test_looked_up_by_id():
    tutorial = load().unit("tutorial")
    assert tutorial.stage("cascade").name == "Cascade"
    with pytest.raises(KeyError):
        tutorial.stage("nowhere")


def test_each_stage_says_what_it_does_in_one_sentence():
    for unit in load().units:
        for step in unit.stages:
            assert step.about.endswith(".")
            assert step.about.count(". ") == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "Stage has no field colour"),
        ({"shows": {**ROW["shows"], "as": "tune"}}, "shows its result as 'tune'"),
        ({"shows": {**ROW["shows"], "run": "sft"}}, "do not match"),
        ({"kinds": []}, "do not match"),
        ({"shows": {}}, "missing"),
        ({"points": 5}, "come from an exercise or from runs"),
        ({"points": 5, "exercise": "quantize", "graded": ["em"]}, "come from an exercise or from"),
    ],
)
def test_a_wrong_stage_is_said_when_it_is_read(change, said):
    with pytest.raises(EngineError, match=said):
        stage({**ROW, **change}, "tutorial/stages.toml")


def test_a_stage_without_a_name():
    row = {key: value for key, value in ROW.items() if key != "name"}
    with pytest.raises(EngineError, match=r"tutorial/stages.toml: quantize: .*'name'"):
        stage(row, "tutorial/stages.toml")


def test_every_source_is_a_work_or_a_document_whose_nature_is_told():
    """No number of a folder that its authors alone have; a lesson names each document."""
    documents = load().documents
    sources = [each for lesson in every_lesson() for each in lesson.sources]
    assert [each for each in sources if re.search(r"\b00\d\b", each)] == []
    named = {each.partition(":")[0] for each in sources}
    assert documents.keys() <= named
    told = ("lecture", "tutorial", "assignment", "chapter", "slides")
    others = [each for each in named - documents.keys() if each.lower().startswith(told)]
    assert others == [], "what is it? course.toml says so under [documents]"
