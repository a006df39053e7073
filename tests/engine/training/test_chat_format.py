import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.models.registry import INSTRUCTION
from engine.storable import storable
from engine.training.chat_format import Pair, read, write

TEXT = st.text(min_size=1).map(storable).map(str.strip).filter(bool)


@given(rows=st.lists(st.fixed_dictionaries({"question": TEXT, "text": TEXT}), max_size=5))
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    file = tmp_path_factory.mktemp("chat") / "data.jsonl"
    write(rows, file)
    assert read(file) == [Pair(row["question"], row["text"]) for row in rows]


def test_a_line_holds_messages_and_nothing_else(tmp_path):
    """Some services refuse a line with a key that they do not know."""
    file = tmp_path / "data.jsonl"
    write([{"question": "2 + 2?", "text": "#### 4", "gold": "4"}], file)
    [line] = file.read_text().splitlines()
    assert json.loads(line) == {
        "messages": [
            {"role": "user", "content": "2 + 2?"},
            {"role": "assistant", "content": "#### 4"},
        ]
    }
    assert [each.name for each in tmp_path.iterdir()] == ["data.jsonl"]


def test_a_systems_turn_and_our_instruction_are_no_part_of_the_question(tmp_path):
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": f"2 + 2?\n\n{INSTRUCTION}"},
        {"role": "assistant", "content": "#### 4"},
    ]
    file = tmp_path / "data.jsonl"
    file.write_text("\n" + json.dumps({"messages": turns}) + "\n")
    assert read(file) == [Pair("2 + 2?", "#### 4")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "Line 2 of data.jsonl is no JSON"),
        ("3", "Line 2 of data.jsonl is no conversation"),
        ('{"messages": [{"role": "user", "content": "a"}]}', "is no conversation"),
        (
            '{"messages": [{"role": "user", "content": ""}, '
            '{"role": "assistant", "content": "b"}]}',
            "is no conversation",
        ),
        (
            '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},'
            ' {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}',
            "of one question and one answer",
        ),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, words):
    file = tmp_path / "data.jsonl"
    write([{"question": "q", "text": "a"}], file)
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(EngineError, match=words):
        read(file)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(EngineError, match="cannot be read"):
        read(tmp_path / "none.jsonl")
