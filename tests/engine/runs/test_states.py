from engine.runs.states import ACTIVE, LEGAL, OPEN, RESUMABLE, STATES


def test_every_state_says_what_may_follow():
    assert set(LEGAL) == set(STATES)
    assert {after for afters in LEGAL.values() for after in afters} == set(STATES)


def test_what_resumes_goes_back_into_the_queue_and_nothing_else_does():
    assert {state for state in STATES if "queued" in LEGAL[state]} == set(RESUMABLE)


def test_only_a_queued_run_begins():
    assert [state for state in STATES if "running" in LEGAL[state]] == ["queued"]


def test_what_is_over_stays_so():
    assert LEGAL["finished"] == LEGAL["cancelled"] == ()
    assert not set(ACTIVE) & set(RESUMABLE)
    assert set(OPEN) == set(STATES) - {"finished", "cancelled"}
