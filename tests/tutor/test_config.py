import tomllib

import pytest

from engine.errors import EngineError
from tutor import config
from tutor.config import Config


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = config.path()
    assert file == tmp_path / "config" / "efficient-ai-tutor" / "config.toml"
    return file


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_without_a_file_everything_is_as_it_comes(file):
    assert config.read() == Config()
    assert not file.exists()


def test_a_file_is_read(file):
    write(file, 'theme = "light"\nplot_symbols = "ascii"\ndevice = "cuda:1"\n[keys]\nhelp = "f1"\n')
    read = config.read()
    assert (read.theme, read.plot_symbols, read.device) == ("light", "ascii", "cuda:1")
    assert read.keys == {"help": "f1"}
    assert read.complaints == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = "pink"', "theme cannot be 'pink'; it can be dark, light"),
        ("theme = 3", "theme cannot be 3"),
        ("review_session = 0", "review_session cannot be 0; it is a whole number from 1 to 1000"),
        ("review_day = 10.5", "review_day cannot be 10.5"),
        ("review_day = true", "review_day cannot be True"),
        ('review_day = "40"', "review_day cannot be '40'"),
        ('colour = "red"', "There is no setting 'colour'"),
        ('keys = "x"', "keys holds a line"),
        ('editor = "nvim \'"', "No closing quotation"),
        ("theme = ", "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_is_used(file, text, said):
    write(file, f'{text}\nplot_symbols = "block"\n')
    read = config.read()
    (complaint,) = read.complaints
    assert said in complaint
    assert str(file) in complaint
    assert read.theme == "dark"
    assert read.plot_symbols == ("braille" if text == "theme = " else "block")


def test_how_much_a_review_asks_is_a_number(file):
    write(file, "review_session = 7\ntheme = 'light'\n")
    assert config.read().review_session == 7
    changed = config.change(review_day=80)
    assert (changed.review_session, changed.review_day, changed.theme) == (7, 80, "light")
    assert "review_day = 80" in file.read_text()


def test_bytes_that_are_no_text_do_not_stop_the_tutor(file):
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in config.read().complaints[0]


def test_a_change_keeps_what_was_written_by_hand(file):
    write(
        file,
        '# mine\ntheme = "dark"   # at night\n\n[keys]\nhelp = "f1"  # so\n\n[other]\nx = 1\n',
    )
    changed = config.change(theme="light", editor='hx "-c" é')
    assert (changed.theme, changed.editor, changed.keys) == ("light", 'hx "-c" é', {"help": "f1"})
    text = file.read_text(encoding="utf-8")
    assert 'theme = "light"   # at night' in text
    assert 'help = "f1"  # so' in text
    assert tomllib.loads(text)["other"] == {"x": 1}


def test_a_key_is_changed_beside_the_others(file):
    write(file, 'theme = "dark"\n\n[keys]\nhelp = "f1"  # as elsewhere\n')
    keys = {"help": "f1", "quit": "x,ctrl+x", "a.b": "y"}
    assert config.change(keys={"quit": "x,ctrl+x", "a.b": "y"}).keys == keys
    assert 'help = "f1"  # as elsewhere' in file.read_text()


def test_a_broken_file_is_told_and_left_alone_when_something_is_chosen(file):
    write(file, 'theme = "dark"\nplot_symbols =\n')
    with pytest.raises(EngineError, match=r"config\.toml cannot be read: .*line 2") as caught:
        config.change(theme="light")
    assert "Mend it" in caught.value.way_out
    assert file.read_text() == 'theme = "dark"\nplot_symbols =\n'


def test_what_cannot_be_is_refused_and_nothing_is_written(file):
    with pytest.raises(EngineError, match="theme cannot be 'pink'"):
        config.change(theme="pink")
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="is not a folder"):
        config.change(tmp_path / "file" / "config.toml", theme="light")


def test_the_editor_is_the_chosen_one_then_the_environments():
    environ = {"EDITOR": "vi", "VISUAL": "code --wait"}
    assert Config(editor="hx -c x").editor_command(environ) == ["hx", "-c", "x"]
    assert Config().editor_command(environ) == ["code", "--wait"]
    assert Config().editor_command({"EDITOR": "vi"}) == ["vi"]
    assert Config().editor_command({}) == []
