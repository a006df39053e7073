import pytest

from engine.training.checkpoints import Checkpoints, file_sha256, whole_or_nothing


def write(checkpoints, step, text="weights"):
    with checkpoints.writing(step) as folder:
        (folder / "file").write_text(text)


def test_there_is_none_at_first(tmp_path):
    checkpoints = Checkpoints(tmp_path / "none")
    assert checkpoints.latest() is None
    assert checkpoints.steps() == []


def test_the_newest_is_the_one_of_the_highest_step(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 9)
    write(checkpoints, 10)
    assert checkpoints.latest() == tmp_path / "step-10"


def test_only_the_last_ones_are_kept(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=2)
    for step in (3, 6, 9, 12):
        write(checkpoints, step)
    assert checkpoints.steps() == [9, 12]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["step-12", "step-9"]


class Kill(BaseException):
    pass


def test_one_that_was_being_written_is_none(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 3)
    with pytest.raises(Kill), checkpoints.writing(6) as folder:
        (folder / "file").write_text("half")
        raise Kill
    assert checkpoints.latest() == tmp_path / "step-3"
    write(checkpoints, 6)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["step-3", "step-6"]


@pytest.mark.parametrize("damage", ["other", "gone", "no hashes", "hashes are no JSON"])
def test_a_damaged_one_is_passed_over(tmp_path, damage):
    checkpoints = Checkpoints(tmp_path)
    write(checkpoints, 3)
    write(checkpoints, 6)
    newest = tmp_path / "step-6"
    match damage:
        case "other":
            (newest / "file").write_text("other")
        case "gone":
            (newest / "file").unlink()
        case "no hashes":
            (newest / "sha256.json").unlink()
        case _:
            (newest / "sha256.json").write_text("{")
    assert checkpoints.latest() == tmp_path / "step-3"
    write(checkpoints, 6)
    assert checkpoints.latest() == newest


def test_a_folder_is_replaced_as_a_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "adapter"
    with whole_or_nothing(folder) as unfinished:
        (unfinished / "a").write_text("1")
    with pytest.raises(Kill), whole_or_nothing(folder) as unfinished:
        (unfinished / "b").write_text("2")
        raise Kill
    assert [each.name for each in folder.iterdir()] == ["a"]
    with whole_or_nothing(folder) as unfinished:
        (unfinished / "b").write_text("2")
    assert [each.name for each in folder.iterdir()] == ["b"]
    assert [each.name for each in tmp_path.iterdir()] == ["adapter"]


def test_the_hash_of_a_file(tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    assert file_sha256(tmp_path / "file").startswith("ba7816bf")  # FIPS 180-2, example B.1
