"""A lesson of the tutorial with one task in it."""

from pathlib import Path

from lessons.kit.course.lesson import Lesson, read_lesson

ID = "tutorial/fine-tune"
TEXT = """+++
title = "Fine-tune"
minutes = 5
needs = []
can = ["fine-tune"]
sources = ["tutorial"]
+++
A student learns from its teacher.

```task fine-tune
```
"""


def task_lesson(folder: Path) -> Lesson:
    """Written into a folder, and read."""
    (folder / "lesson.md").write_text(TEXT, encoding="utf-8")
    return read_lesson(folder, ID)
