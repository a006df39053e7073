import os
from pathlib import Path

import lessons
from lessons.kit.judging.surroundings import environment, working_folder


def test_only_what_is_on_the_list_goes_on():
    given = {"PATH": "/bin", "HF_TOKEN": "x", "AWS_SECRET": "x", "HOME": "/home/me", "LANG": "C"}
    made = environment({**given, "PYTHONPATH": "/more"})
    assert {name for name in given if name in made} == {"PATH", "LANG"}
    assert made["PYTHONPATH"] == os.pathsep.join([str(Path(lessons.__file__).parents[1]), "/more"])
    assert made["CUDA_VISIBLE_DEVICES"] == ""


def test_the_folder_is_gone_whatever_was_done_in_it():
    with working_folder() as folder:
        assert list(folder.iterdir()) == []
        closed = folder / "a" / "b"
        closed.mkdir(parents=True)
        (closed / "file").write_text("x")
        (folder / "link").symlink_to("/")
        closed.chmod(0)
        folder.chmod(0)
    assert not folder.exists()


def test_a_folder_that_is_gone_already():
    with working_folder() as folder:
        folder.rmdir()
    assert not folder.exists()
