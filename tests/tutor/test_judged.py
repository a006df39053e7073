from tests.tutor.homes import samples
from tutor import judged

RIGHT, WRONG = samples(4, right=3, of=4)[2:]


def test_a_line_says_right_or_wrong_in_words_what_was_said_and_how_it_was_found():
    line = judged.row(WRONG, 0).draw(100).plain
    assert line.startswith("✗ wrong")
    for part in (WRONG["extracted"], WRONG["gold"], WRONG["stage"], WRONG["question"][:20]):
        assert part in line
    assert judged.row(RIGHT, 0).draw(100).plain.startswith("✓ right")


def test_columns_stand_below_their_headings():
    line = "  " + judged.row(WRONG, 0).draw(100).plain
    for word, value in (("said", WRONG["extracted"]), ("gold", WRONG["gold"])):
        end = judged.HEADER.index(word) + len(word)
        assert line[:end].endswith(value)
    assert line.index(WRONG["question"][:10]) == judged.HEADER.index("question")


def test_a_line_is_cut_to_its_width_and_the_rest_can_be_read():
    assert judged.row(WRONG, 0).draw(60).cell_length == 60
    whole = judged.in_full(WRONG).plain
    assert WRONG["question"] in whole
    assert WRONG["text"] in whole


def test_no_number_is_said_in_words():
    sample = WRONG | {"extracted": None, "stage": "none", "cut_off": True}
    assert "nothing" in judged.row(sample, 0).draw(100).plain
    assert "no number" in judged.in_full(sample).plain
    assert "cut off at the limit" in judged.in_full(sample).plain


def test_a_teachers_answer_has_no_harness_scores_and_can_be_read():
    answer = {name: RIGHT[name] for name in RIGHT if name not in ("strict", "flexible", "cut_off")}
    assert "lm-evaluation-harness" not in judged.in_full(answer).plain


def test_what_a_model_wrote_is_never_taken_for_markup():
    sample = WRONG | {"text": "[red]5[/red] [/] [[", "question": "[b]bold?[/b]"}
    assert "[red]5[/red] [/] [[" in judged.in_full(sample).plain
    assert "[b]bold?[/b]" in judged.row(sample, 0).draw(100).plain


def test_a_question_of_several_lines_is_one_line_in_a_list():
    sample = WRONG | {"question": "One line.\n\nAnother\tline."}
    assert judged.row(sample, 0).draw(120).plain.endswith("One line. Another line.")
