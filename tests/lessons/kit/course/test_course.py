import pytest

from engine.errors import EngineError
from lessons.kit.course import course


def load_from(tmp_path, monkeypatch, text: str, **stages: str):
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    for unit, content in stages.items():
        (tmp_path / unit).mkdir()
        (tmp_path / unit / "stages.toml").write_text(content, encoding="utf-8")
    monkeypatch.setattr(course, "files", lambda package: tmp_path)
    return course.load.__wrapped__()


HEAD = 'title = "A"\nabout = "B."\n[[unit]]\nid = "numbers"\nname = "Numbers"\nabout = "C."\n'


def test_a_unit_has_lessons_stages_or_both(tmp_path, monkeypatch):
    unit = load_from(tmp_path, monkeypatch, HEAD + 'lessons = ["integers", "absmax"]\n').units[0]
    assert unit.lessons == ("integers", "absmax")
    assert (unit.stages, unit.points, unit.minutes) == ((), 0, 0)


def test_a_unit_without_anything_in_it_is_refused(tmp_path, monkeypatch):
    with pytest.raises(EngineError, match="numbers has no lessons and no stages"):
        load_from(tmp_path, monkeypatch, HEAD)


def test_an_unknown_field_is_refused(tmp_path, monkeypatch):
    with pytest.raises(EngineError, match="Unit has no field lesson"):
        load_from(tmp_path, monkeypatch, HEAD + 'lesson = ["a"]\nlessons = ["b"]\n')
