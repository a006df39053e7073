"""`tutor pipeline`: what it prints when its runs are through."""

from tests.tutor.plain.test_stages import computing


def test_one_task_is_told_with_all_that_the_chain_has_measured(hand, tutor):
    """Its own runs alone would be a card of dashes; the teacher's and the student's are there."""
    hand.chain()
    shown = tutor("pipeline", "--task", "sample")
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "student as shipped 0.090" in words
    assert "student, fine-tuned 0.460" in words
    assert "cascade, K=5, keep from 0.5 0.710" in words


def test_a_card_never_mixes_a_task_computed_anew_with_what_was_built_on_the_old(hand, tutor):
    hand.chain()
    with computing(hand, ("teach",)):
        words = " ".join(tutor("pipeline", "--task", "teach", "--again").stdout.split())
    assert "student as shipped 0.090" in words
    assert "student, fine-tuned –" in words and "cascade –" in words


def test_a_task_run_anew_tells_what_its_own_runs_measured_and_what_the_chain_had(hand, tutor):
    """With another temperature there is no cascade yet, but all that does not hang on it."""
    hand.chain()
    shown = tutor("pipeline", "--task", "sample", "--set", "temperature=0.3", "--detach")
    assert shown.exit_code == 0
    for name in ("validation_sample", "validation_cascade"):
        hand.compute(name)
    words = " ".join(tutor("pipeline", "--task", "sample").stdout.split())
    assert "validation sample 11 finished EM 0.440" in words
    assert "validation teacher 6 finished EM 0.930" in words
    assert "student as shipped 0.090" in words
    assert "cascade –" in words
    assert "Best of the policies tried: K 3, threshold 0.667" in words
