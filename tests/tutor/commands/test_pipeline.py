"""`tutor pipeline`: what it prints when its runs are through."""


def test_one_task_is_told_with_all_that_the_chain_has_measured(hand, tutor):
    """Its own runs alone would be a card of dashes; the teacher's and the student's are there."""
    hand.chain()
    shown = tutor("pipeline", "--task", "sample")
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    assert "student as shipped 0.090" in words
    assert "student, fine-tuned 0.460" in words
    assert "cascade, K=5, keep from 0.5 0.710" in words
