from engine.training.selection import select

RIGHT = {"correct": True, "extracted": "4", "text": "2 + 2 = 4\n#### 4"}
WRONG = {"correct": False, "extracted": "5", "text": "It is 5."}
NONE = {"correct": False, "extracted": None, "text": "I do not know."}


def test_the_whole_rationale_is_what_the_teacher_wrote():
    assert select([RIGHT, WRONG, NONE], "correct").rows == [RIGHT]
    assert select([RIGHT, WRONG, NONE], "all").rows == [RIGHT, WRONG, NONE]


def test_the_answer_alone_is_the_line_with_the_result():
    chosen = select([RIGHT, WRONG, NONE], "correct", "answer only")
    assert chosen.rows == [{**RIGHT, "text": "#### 4"}]
    assert chosen.dropped == {"wrong result": 1, "no number in it": 1}


def test_without_a_number_there_is_no_answer_to_be_left_alone():
    chosen = select([RIGHT, WRONG, NONE], "all", "answer only")
    assert [row["text"] for row in chosen.rows] == ["#### 4", "#### 5"]
    assert chosen.dropped == {"no number in it": 1}


def test_thinking_is_not_learnt():
    thought = {**RIGHT, "text": "<think>\n5? No.\n</think>\n\n2 + 2 = 4\n#### 4"}
    alone = {**NONE, "text": "<think>\nIt is 4, or"}
    chosen = select([thought, alone], "all")
    assert chosen.rows == [RIGHT]
    assert chosen.dropped == {"nothing but thinking": 1}
