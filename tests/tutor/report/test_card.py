from engine.cascades.score import points
from engine.chain.card import ScoreCard
from engine.chain.size import Size
from tutor.report.card import card_text, tasks_text
from tutor.tutorial.tasks import Task


def card(**known):
    values = {
        "baseline_em": None,
        "teacher_em": None,
        "student_em": None,
        "cascade_em": None,
        "intervals": {},
        "problems": None,
        "cost_saving": None,
        "compute_saving": None,
        "share_sent": None,
        "policy": None,
        "best": None,
        "better": None,
        "seconds": {},
        "states": {},
        "runs": {},
        **known,
    }
    graded = {name: values[name] for name in ("student_em", "cascade_em", "cost_saving")}
    return card_text(ScoreCard(**values, points=points(**graded)))


def line(text, begin):
    row = next(row for row in text.splitlines() if row.startswith(begin))
    return " ".join(row.removeprefix(begin).split())


def test_every_measure_has_its_line_with_interval_and_points():
    text = card(
        student_em=0.47,
        cascade_em=0.71,
        intervals={"student_em": (0.41, 0.53)},
        problems=300,
        cost_saving=0.2,
        compute_saving=-0.125,
        policy={"k": 5, "threshold": 0.5},
        seconds={"baseline": 61.0, "sft": 20.0},
    )
    assert text.startswith("What this chain has measured, on 300 test problems")
    assert line(text, "student, fine-tuned") == "0.470 0.41 to 0.53 20 of 20"
    assert line(text, "cascade, K=5, keep from 0.5") == "0.710 15 of 15"
    assert line(text, "money saved") == "0.200 7.5 of 15"
    assert line(text, "compute saved") == "-0.125"
    assert line(text, "together") == "1:21"


def test_what_is_not_known_is_a_dash_and_no_zero():
    text = card()
    assert line(text, "student as shipped") == "–"
    assert line(text, "student, fine-tuned") == "– – of 20"
    assert "0.000" not in text
    assert "together" not in text


def test_a_better_policy_is_told_with_where_it_was_found():
    """One sum of points is on a card; what the policy costs in EM stands beside it."""
    own = {"own_em": 0.93, "own_cost_saving": 0.19}
    row = {"k": 5, "threshold": 0.4, "em": 0.68, "cost_saving": 0.59, "points_more": 7.5, **own}
    words = card(better=row)
    assert "K 5, threshold 0.4: EM 0.68, saving 59% on validation, and worth more points" in words
    assert "EM falls by 0.25 for it: yours has EM 0.93, saving 19% there." in words
    assert "7.5" not in words
    higher = card(better={**row, "em": 0.94})
    assert "EM falls" not in higher
    assert "Yours has EM 0.93, saving 19% there." in higher


def test_the_best_policy_is_told_before_any_was_counted():
    row = {"k": 5, "threshold": 0.4, "em": 0.68, "cost_saving": 0.59}
    told = "Best of the policies tried: K 5, threshold 0.4: EM 0.68, saving 59% on validation."
    assert told in card(best=row)
    assert told not in card(best=row, cascade_em=0.7)


def test_a_saving_for_which_nothing_was_right_is_told():
    assert "15 points for saving, but nothing that this cascade answered was right." in card(
        cascade_em=0.0, cost_saving=1.0
    )
    assert "but only 12% of what this cascade answered was right." in card(
        cascade_em=0.12, cost_saving=0.2
    )
    for known in ({"cascade_em": 0.3, "cost_saving": 1.0}, {"cascade_em": 0.0, "cost_saving": 0.1}):
        assert "for saving" not in card(**known)


def test_weak_samples_are_told_with_their_temperature():
    told = "At temperature 0.7 a single sample is right in 0.17, a greedy answer in 0.56"
    assert told in card(sample_em=0.17, student_em=0.56, temperature=0.7)
    assert "single sample" not in card(sample_em=0.5, student_em=0.56, temperature=0.3)
    assert "single sample" not in card(sample_em=0.17, temperature=0.7)


def test_a_small_size_is_told_below_the_figures():
    told = "judged on 100 problems, where a score of 0.50 has the 95% interval 0.40 to 0.60"
    assert told in card(size=Size(400, 100))
    assert "`--preset full` is the full size." in card(size=Size(400, 100))
    assert "This size is small" not in card(size=Size(2000, 300))


TASKS = (
    Task("quantize", "1.1.2", "Quantize", 10, 10, code="your code"),
    Task("teach", "2.1", "Ask the teacher", 0, 20, code="reference"),
    Task("fine-tune", "2.2", "Fine-tune", 20, 20, 4, {"student_em": 0.557}),
    Task("cascade", "3.2", "Cascade", 0, 30),
)


def test_the_tasks_stand_with_what_earned_their_points():
    text = tasks_text(TASKS)
    assert text.startswith("Score card: 30 of 80 points\n")
    assert line(text, "Quantize") == "10 of 10 your code passed its checks"
    assert line(text, "Ask the teacher") == "0 of 20 your code has not passed yet"
    assert line(text, "Fine-tune") == "20 of 20 run 4: EM 0.56"
    assert line(text, "Cascade") == "0 of 30 no run counts yet"


def test_points_for_a_cascade_without_anything_right_say_so():
    values = {"cascade_em": 0.0, "cost_saving": 1.0}
    text = tasks_text((Task("cascade", "3.2", "Cascade", 15, 30, 7, values),))
    assert line(text, "Cascade") == "15 of 30 run 7: EM 0.00, saving 100%, nothing right"


def test_what_the_reference_would_earn_is_said_to_be_nobodys():
    text = tasks_text(TASKS, reference=True)
    assert "30 of 80 points that the reference would earn; nobody's record has them" in text
    assert line(text, "Quantize") == "10 of 10 the reference's code"


def test_a_score_over_answers_that_were_cut_off_says_so():
    text = card(student_em=0.05, teacher_em=0.5, cut_off={"student_em": 0.75})
    told = "Cut off at the limit, and judged by what there was: 75% of the fine-tuned student's"
    assert told in text
    assert "Cut off" not in card(student_em=0.05)
