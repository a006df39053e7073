from tests.tutor.homes import samples
from tutor.tui.widgets import answer_rows as judged

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
    assert "said no number" in judged.in_full(sample).plain
    assert "cut off at the limit" in judged.in_full(sample).plain


def test_all_three_judges_stand_below_their_headings_by_glyph_and_word():
    sample = RIGHT | {"strict": False}
    line = "  " + judged.audit_row(sample, 0).draw(120).plain
    for judge, words in (("robust", "✓ right"), ("strict", "✗ wrong"), ("flexible", "✓ right")):
        assert line[judged.AUDIT_HEADER.index(judge) :].startswith(words)
    for word, value in (("said", sample["extracted"]), ("gold", sample["gold"])):
        end = judged.AUDIT_HEADER.index(word) + len(word)
        assert line[:end].endswith(value)
    assert line.index(sample["question"][:10]) == judged.AUDIT_HEADER.index("question")


def test_in_full_says_what_each_judge_read_and_where_the_number_stood():
    whole = judged.in_full(RIGHT | {"text": "5 pens.\n#### $56", "gold": "56"})
    assert "found by “####” on line 2: #### $56" in whole.plain
    assert "strict    ✓ right" in whole.plain, "as it was recorded"
    assert "[invalid]" in whole.plain
    underlined = [whole.plain[span.start : span.end] for span in whole.spans
                  if "underline" in str(span.style)]  # fmt: skip
    assert underlined == ["#### $56"]


def test_a_teachers_answer_is_judged_by_the_harness_too():
    answer = {name: RIGHT[name] for name in RIGHT if name not in ("strict", "flexible", "cut_off")}
    assert "strict    ✓ right" in judged.in_full(answer).plain
    assert "strict    ✗ wrong" in judged.in_full(answer | {"text": "It is 32."}).plain


def test_what_a_model_wrote_is_never_taken_for_markup():
    sample = WRONG | {"text": "[red]5[/red] [/] [[", "question": "[b]bold?[/b]"}
    assert "[red]5[/red] [/] [[" in judged.in_full(sample).plain
    assert "[b]bold?[/b]" in judged.row(sample, 0).draw(100).plain


def test_a_question_of_several_lines_is_one_line_in_a_list():
    sample = WRONG | {"question": "One line.\n\nAnother\tline."}
    assert judged.row(sample, 0).draw(120).plain.endswith("One line. Another line.")
