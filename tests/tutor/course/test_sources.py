from lessons.kit.course.course import load
from lessons.kit.course.lesson import lesson
from tutor.course.sources import about_documents
from tutor.course.syllabus import Entry, Syllabus
from tutor.report.lessons import sources_text
from tutor.tui.words.course import about_lesson

NEEDLESS = "You need none of it: what is used stands in the lessons."


def test_what_no_learner_has_is_told_once_and_nothing_else_is():
    said = about_documents(["Assignment: one thing", "Assignment: another", "Assignments, a book"])
    assert said == f"Assignment: {load().documents['Assignment']}. {NEEDLESS}"
    assert about_documents(["Bennett, Spectra of Quantized Signals (1948)"]) == ""


def test_it_stands_below_the_sources_in_text_and_on_home():
    absmax = lesson("numbers/absmax")
    text = " ".join(sources_text(absmax).split())
    assert text.endswith(NEEDLESS) and "Lecture on compression: a university lecture" in text
    entry = Entry(absmax.id, "numbers", absmax, None)
    beside = [part.content.plain for part in about_lesson(entry, Syllabus(ready=True))]
    assert beside[-1].endswith(NEEDLESS)
