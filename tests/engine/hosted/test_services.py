import os
import tomllib

import pytest

from engine.errors import EngineError
from engine.hosted import services
from engine.hosted.pacing import Limits
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from engine.runs.client import Client

GEMMA = "gemini:gemma-4-31b-it"


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in ("GEMINI_API_KEY", "OPENAI_API_KEY", *services.ADDRESS.values()):
        monkeypatch.delenv(name, raising=False)


def written(folder, text):
    (folder / services.FILE).write_text(text)
    return folder


def test_the_defaults_are_the_free_tiers():
    """30 requests and 15,000 tokens a minute, 14,400 requests a day: Gemma 3 in 2025."""
    service = services.read(GEMMA)
    assert service.limits == Limits(30, 15_000, 14_400)
    assert (service.provider, service.model, service.name) == ("gemini", GEMMA[7:], GEMMA)
    assert service.key == "GEMINI_API_KEY"


def test_the_file_wins_and_a_model_wins_over_its_service(tmp_path):
    folder = written(
        tmp_path,
        "[gemini]\nrequests_per_minute = 5\n"
        '[gemini.models."gemini-2.5-flash"]\nrequests_per_minute = 10\ntokens_counted = "input"\n',
    )
    assert services.read(GEMMA, folder).requests_per_minute == 5
    flash = services.read("gemini:gemini-2.5-flash", folder)
    assert (flash.requests_per_minute, flash.tokens_counted) == (10, "input")
    assert flash.tokens_per_minute == 15_000


def test_what_is_written_to_be_edited_is_what_holds(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1")
    services.write_defaults(tmp_path)
    for name in (GEMMA, "openai:llama3.2:3b"):
        assert services.read(name, tmp_path) == services.read(name)
    (tmp_path / services.FILE).write_text("[gemini]\ntries = 2\n")
    services.write_defaults(tmp_path)
    assert services.read(GEMMA, tmp_path).tries == 2


def test_a_models_name_may_hold_a_colon(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    assert services.read("openai:llama3.2:3b").model == "llama3.2:3b"


def test_the_address_of_the_file_wins_over_the_environments(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1")
    assert services.read("openai:m").host == "localhost:8000"
    folder = written(tmp_path, '[openai]\nbase_url = "http://class:9/v1"\n')
    assert services.read("openai:m", folder).host == "class:9"


def test_a_server_has_to_be_named():
    with pytest.raises(EngineError, match="No server is named") as caught:
        services.read("openai:m")
    assert "http://localhost:8000/v1" in caught.value.way_out
    assert "OPENAI_BASE_URL" in caught.value.way_out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[gemini", "cannot be read"),
        ("gemini = 3", "is no table"),
        ("[gemini]\nrequests_per_minute = -1", "requests_per_minute of gemini is -1"),
        ("[gemini]\nrequests_per_minute = true", "must be a whole number, 0 for no limit"),
        ("[gemini]\ntokens_per_minute = 1.5", "tokens_per_minute of gemini is 1.5"),
        ("[gemini]\ntries = 0", "from 1 up"),
        ("[gemini]\ntimeout = 0", "a number of seconds above 0"),
        ('[gemini]\ntokens_counted = "output"', '"both" or "input"'),
        ('[gemini]\nkey = "MY GEMINI"', "no name of an environment variable"),
        ('[gemini]\nkey = "MY_GEMINI"', "a name that tells a secret"),
        ("[gemini]\nspeed = 3", "no setting 'speed'"),
        ('[gemini]\nbase_url = "localhost:8000"', "no web address"),
        ('[gemini]\nbase_url = "http://me:secret@host/v1"', "holds a user name or a password"),
        ("[gemini]\nmodels = 3", "no table of tables"),
        ('[gemini]\nleave_out = "seed"', "leave_out of gemini is 'seed'; it must be a list"),
        ('[gemini]\nleave_out = ["max_tokens"]', "some of temperature, top_p, seed"),
        ('[gemini]\nleave_out = [["seed"]]', "some of temperature, top_p, seed"),
        ('[gemini]\nmax_tokens = "max_tokens"', "gemini has no setting 'max_tokens'"),
    ],
)
def test_what_cannot_be_is_said_with_the_way_out(tmp_path, text, words):
    with pytest.raises(EngineError) as caught:
        services.read(GEMMA, written(tmp_path, text))
    assert words in caught.value.what
    assert caught.value.way_out
    assert "secret@" not in str(caught.value)


def test_what_is_not_sent_and_what_the_longest_answer_is_called(tmp_path):
    folder = written(
        tmp_path,
        '[openai]\nbase_url = "http://host/v1"\nleave_out = ["top_p"]\n'
        '[openai.models."new"]\nmax_tokens = "max_completion_tokens"\nleave_out = []\n'
        '[openai.models."odd"]\nmax_tokens = "max_length"\n',
    )
    old, new = services.read("openai:old", folder), services.read("openai:new", folder)
    assert (old.max_tokens, old.leave_out) == ("max_tokens", ("top_p",))
    assert (new.max_tokens, new.leave_out) == ("max_completion_tokens", ())
    assert old.sent(temperature=0.0, top_p=1.0, seed=4) == {"temperature": 0.0, "seed": 4}
    with pytest.raises(EngineError, match='"max_tokens" or "max_completion_tokens"'):
        services.read("openai:odd", folder)


def test_a_file_of_before_there_were_these_settings_still_holds(tmp_path):
    old = services.DEFAULTS.split("[openai]")[0].replace("leave_out = []", "#")
    assert services.read(GEMMA, written(tmp_path, old)) == services.read(GEMMA)


@pytest.mark.parametrize("key", ["AIzaSyA-not-a-key-0123456789abcdef", "AIzaSyTOKEN0123456789"])
def test_a_key_in_the_file_is_refused_and_not_repeated(tmp_path, key):
    """Somebody will put the key itself where its variable's name belongs."""
    with pytest.raises(EngineError, match="no name of an environment variable") as caught:
        services.read(GEMMA, written(tmp_path, f'[gemini]\nkey = "{key}"'))
    assert key not in str(caught.value)


def test_no_default_is_a_key():
    for table in tomllib.loads(services.DEFAULTS).values():
        assert table["key"].isidentifier() and table["key"] not in os.environ


@pytest.fixture
def client(tmp_path):
    with Client(tmp_path / "home", worker=None) as client:
        yield client


def test_a_run_is_refused_at_once_where_there_is_no_key(client, monkeypatch):
    with pytest.raises(EngineError, match="GEMINI_API_KEY is not set") as caught:
        client.submit("teach", TeachSpec(teacher=GEMMA))
    assert "export GEMINI_API_KEY=..." in caught.value.way_out
    assert client.runs() == []
    monkeypatch.setenv("GEMINI_API_KEY", "anything")
    assert client.submit("teach", TeachSpec(teacher=GEMMA)) == 1
    assert (client.home.path / services.FILE).read_text() == services.DEFAULTS


def test_a_server_of_ones_own_needs_no_key(client, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1")
    assert client.submit("evaluate", EvaluateSpec(model="openai:m")) == 1


def test_openai_itself_does(client, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    with pytest.raises(EngineError, match="OPENAI_API_KEY is not set"):
        client.submit("evaluate", EvaluateSpec(model="openai:m"))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (SftSpec(teach=1, student=GEMMA), "student"),
        (SampleSpec(model=GEMMA), "model"),
        (EvaluateSpec(model=GEMMA, adapter=1), "adapter"),
    ],
)
def test_a_hosted_model_where_weights_are_needed_is_refused(client, spec, field):
    with pytest.raises(EngineError, match="hosted elsewhere") as caught:
        client.submit(spec.kind, spec)
    assert caught.value.field == field


def test_a_provider_without_a_model_is_refused(client):
    with pytest.raises(EngineError, match="'gemini:' names no model"):
        client.submit("teach", TeachSpec(teacher="gemini:"))


def test_titles_tell_hosted_models():
    assert EvaluateSpec(model=GEMMA).title() == f"evaluate {GEMMA}, hosted, 300 test problems"
    assert TeachSpec(teacher="openai:a/b").title() == "teach with openai:a/b, 2,000 questions"
    assert "→ openai:a/b," in CascadeSpec(sample=1, strong_model="openai:a/b").title()
