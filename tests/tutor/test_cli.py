"""The command line, in process. A test that needs a worker is the worker itself: it holds the
home's lock, so that no process is started, and moves the rows by hand."""

import json
import threading
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cascades.prices import FILE
from engine.chain.pipeline import ORDER, PRESETS, Preset
from engine.kinds.kind import typed as typable
from engine.kinds.specs import SPECS, EvaluateSpec
from engine.machine import Machine
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from engine.runs.record import Recorder
from tutor.cli import main
from tutor.commands.score import standing
from tutor.learner.record import Learner
from tutor.tutorial import run_options as kinds


@pytest.fixture
def home():
    """The home of this test (tests/conftest.py names it), with no worker but the test."""
    home = Home.find().prepare()
    lock = Lock(home.lock)
    assert lock.acquire()
    yield home
    lock.release()


@pytest.fixture
def client(home):
    with Client(home, worker=None) as client:
        yield client


def tutor(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="tutor")


def compute(client, result):
    """What a worker does to the next run in the queue, without the computing."""
    run = client.store.claim()
    record = Recorder(client.store, run)
    record.metric(5, loss=0.5)
    record.progress(4, 4, "problems")
    client.store.end(run.id, "finished", result=result)
    return run


def until_ready(client):
    """Wait for a run that can be computed."""
    while client.store.ready() is None:
        threading.Event().wait(0.01)


SCORE = {"em": 0.5, "low": 0.2, "high": 0.8, "n": 100}


def test_help_shows_every_command_the_exit_codes_and_an_example():
    shown = tutor("--help")
    assert shown.exit_code == 0
    for name in (
        "pipeline", "score", "run", "runs", "show", "follow", "pause", "resume", "cancel", "info",
    ):  # fmt: skip
        assert f"\n  {name} " in shown.stdout
        assert f"Example: tutor {name}" in tutor(name, "--help").stdout
    assert "Exit codes" in shown.stdout


@pytest.mark.parametrize("kind", SPECS)
def test_every_setting_of_a_kind_is_an_option_with_the_engines_default(kind):
    shown = tutor("run", kind, "--help")
    assert shown.exit_code == 0
    assert f"Example: tutor run {kind}" in shown.stdout
    names = {field.name for field in fields(SPECS[kind])} - {"data", "prices", "own"}
    for name in names:
        assert f"--{name.replace('_', '-')} " in shown.stdout
    values = {option.name: option.default for option in kinds.options(kind)}
    for field in fields(SPECS[kind]):
        if field.name in names and field.default is not None and field.default in values:
            assert values[field.name] == field.default


def test_every_setting_says_what_it_is_for():
    assert set(typable()) == set(SPECS)
    assert all(words for kind in SPECS for _, _, words in kinds.settings(kind))


def test_without_a_terminal_it_says_so_prints_help_and_exits_2():
    shown = tutor()
    assert shown.exit_code == 2
    assert "no terminal" in shown.stderr
    assert "Usage: tutor" in shown.stdout


def test_no_runs_yet(home):
    assert "tutor pipeline" in tutor("runs").stdout
    assert json.loads(tutor("runs", "--json").stdout) == []


def test_the_home_can_be_named_before_or_after_the_command(tmp_path):
    for args in (["--home", tmp_path / "a", "runs"], ["runs", "--home", tmp_path / "b"]):
        assert tutor(*args).exit_code == 0
    assert (tmp_path / "a" / "tutor.db").exists()
    assert (tmp_path / "b" / "tutor.db").exists()


def test_a_run_that_is_not_there():
    for command in ("show", "follow", "pause", "resume", "cancel"):
        shown = tutor(command, 99)
        assert shown.exit_code == 3
        assert "There is no run 99." in shown.stderr


def test_show_json_gives_all_about_a_run(client):
    number = client.submit("evaluate", EvaluateSpec())
    compute(client, SCORE)
    shown = json.loads(tutor("show", number, "--json").stdout)
    assert shown["state"] == "finished"
    assert shown["kind"] == "evaluate"
    assert shown["spec"]["model"] == "acorn"
    assert shown["metrics"] == {"loss": [[5, 0.5]]}
    assert shown["result"] == SCORE
    assert shown["artifacts"] == str(client.home.artifacts(number))


def test_show_and_runs_for_people(client):
    number = client.submit("evaluate", EvaluateSpec())
    compute(client, SCORE)
    text = tutor("show", number).stdout
    for word in ("finished", "data.limit", "loss", "artifacts"):
        assert word in text
    assert "EM 0.500" in tutor("runs").stdout


GSM8K = Path(__file__).parents[1] / "engine" / "data" / "gsm8k"


@pytest.mark.parametrize("kind", ["evaluate", "teach", "sample"])
def test_a_folder_of_gsm8k(client, kind, monkeypatch):
    monkeypatch.chdir(GSM8K.parent)
    args = ("run", kind, "--data", "gsm8k", "--limit", 0, "--detach", "--json")
    number = json.loads(tutor(*args).stdout)["run"]
    data = client.run(number).spec["data"]
    assert (data["source"], data["path"], data["limit"]) == ("gsm8k", str(GSM8K), 0)
    assert "all GSM8K" in client.run(number).title


def test_what_is_wrong_with_a_folder_is_said_before_anything_is_queued(client):
    for args, words in (
        (("--data", GSM8K, "--limit", 9), "has 6 problems, not 9"),
        (("--data", GSM8K.parent), f"Did you mean {GSM8K}?"),
        (("--data", GSM8K, "--source", "word_problems"), "reads no folder"),
        (("--source", "gsm8k", "--limit", 1320), "has 1,319 problems"),
    ):
        shown = tutor("run", "evaluate", *args)
        assert shown.exit_code == 2
        assert words in " ".join(shown.stderr.split())
    shown = tutor("pipeline", "--data", GSM8K)
    assert shown.exit_code == 2
    assert "test split of GSM8K" in shown.stderr
    assert client.runs() == []


def test_pause_resume_cancel(client):
    number = client.submit("evaluate", EvaluateSpec())
    assert json.loads(tutor("pause", number, "--json").stdout)[0]["state"] == "paused"
    assert tutor("resume", number).exit_code == 0
    assert client.run(number).state == "queued"
    tutor("pause", number)
    shown = tutor("resume", number, "--batch-size", 99)
    assert shown.exit_code == 2
    assert "began with 50 at once; 99 cannot be taken instead. Take 1 to 50." in shown.stderr
    assert tutor("resume", number, "--batch-size", 7).exit_code == 0
    assert client.run(number).environment["at_most"] == 7
    assert "cancelled" in tutor("cancel", number).stderr
    again = tutor("resume", number)
    assert again.exit_code == 1
    assert "it cannot be resumed" in again.stderr


def test_a_whole_chain_is_cancelled_and_one_that_is_over_does_not_spare_the_others(client):
    ids = json.loads(tutor("pipeline", "--detach", "--json").stdout)["runs"]
    compute(client, SCORE)
    shown = tutor("cancel", *ids.values(), "--json")
    assert shown.exit_code == 1
    assert "Run 1 is finished; it cannot be cancelled." in shown.stderr
    assert {run["state"] for run in json.loads(shown.stdout)} == {"cancelled"}
    assert {client.run(number).state for number in ids.values()} == {"finished", "cancelled"}


def test_with_a_cancelled_run_go_those_that_need_it_and_it_is_said(client):
    ids = json.loads(tutor("pipeline", "--detach", "--json").stdout)["runs"]
    said = " ".join(tutor("cancel", ids["sample"]).stderr.split())
    assert said.endswith("is cancelled. With it: runs 8 and 10.")
    [told] = json.loads(tutor("cancel", ids["teach"], "--json").stdout)
    assert (told["state"], told["with_it"]) == ("cancelled", [3, 4, 5, 6, 7])
    assert {run.id for run in client.runs() if run.state == "queued"} == {1}


@pytest.mark.parametrize(
    ("command", "state"), [("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")]
)
def test_a_chain_is_told_by_any_of_its_runs(client, command, state):
    ids = json.loads(tutor("pipeline", "--detach", "--json").stdout)["runs"]
    alone = client.submit("evaluate", EvaluateSpec())
    if command == "resume":
        tutor("pause", ids["baseline"], "--chain")
    shown = tutor(command, ids["sft"], "--chain", "--json")
    assert [run["state"] for run in json.loads(shown.stdout)] == [state] * 10
    assert {client.run(number).state for number in ids.values()} == {state}
    assert client.run(alone).state == "queued"
    said = "There was nothing to change" if command == "resume" else f"Run {alone} ("
    assert tutor(command, alone, "--chain").stderr.startswith(said)


def test_who_follows_a_queued_run_is_told_what_it_waits_for(client, monkeypatch):
    ids = json.loads(tutor("pipeline", "--detach", "--json").stdout)["runs"]
    compute(client, SCORE)
    monkeypatch.setattr(Client, "follow", press_ctrl_c)
    said = tutor("follow", ids["cascade"]).stderr
    assert "It waits for run 2 (teach with oak, 400 questions), which is queued, and for 7" in said
    shown = tutor("show", ids["sft"]).stdout
    assert "It waits for run 2 (teach with oak, 400 questions), which is queued." in shown
    assert "needs run 2" in shown


def test_who_resumes_one_run_of_a_paused_chain_is_told_of_the_others(client):
    tutor("pipeline", "--detach")
    tutor("pause", 1, "--chain")
    said = tutor("resume", 1).stderr
    assert "Of the same chain runs 2 to 10 stand still: --chain resumes all of it." in said


def test_follow_ends_with_the_run_and_its_exit_code_is_the_runs(client):
    number = client.submit("evaluate", EvaluateSpec())
    worker = threading.Timer(0, compute, (client, SCORE))
    worker.start()
    shown = tutor("follow", number, "--json")
    worker.join()
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["result"] == SCORE
    assert "finished" in shown.stderr


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        ({"state": "failed", "error": {"what": "No room.", "way_out": "Make some."}}, 1, "No room"),
        ({"state": "cancelled"}, 4, "cancelled"),
        ({"state": "interrupted"}, 4, "tutor resume 1"),
    ],
)
def test_the_end_of_a_run_decides_the_exit_code(client, end, code, said):
    number = client.submit("evaluate", EvaluateSpec())
    client.store.claim()
    client.store.end(number, **end)
    shown = tutor("follow", number)
    assert shown.exit_code == code
    assert said in shown.stderr


def test_run_detached_gives_the_number(client):
    shown = tutor("run", "evaluate", "--limit", 7, "--data-seed", 3, "--detach", "--json")
    number = json.loads(shown.stdout)["run"]
    spec = client.run(number).spec
    assert (spec["data"]["limit"], spec["data"]["seed"], spec["seed"]) == (7, 3, 0)


def test_run_refuses_a_wrong_setting_in_plain_words(home):
    shown = tutor("run", "evaluate", "--limit", 0)
    assert shown.exit_code == 2
    assert "limit" in shown.stderr


def test_the_cascades_prices_are_the_learners(client):
    (client.home.path / FILE).write_text("[default]\ninput = 1\noutput = 2\n")
    client.submit("sample", SPECS["sample"]())
    compute(client, {})
    first = tutor("run", "cascade", "--sample", 1, "--detach", "--json")
    second = tutor("run", "cascade", "--sample", 1, "--price-output", 9, "--detach", "--json")
    prices = [
        client.run(json.loads(shown.stdout)["run"]).spec["prices"] for shown in (first, second)
    ]
    assert prices == [{"input": 1, "output": 2}, {"input": 1, "output": 9}]


def test_pipeline_detached_queues_the_chain_and_leaves_prices_to_be_changed(client):
    shown = tutor("pipeline", "--detach", "--json")
    ids = json.loads(shown.stdout)["runs"]
    assert tuple(ids) == ORDER
    assert {client.run(number).state for number in ids.values()} == {"queued"}
    assert "oak" in (client.home.path / FILE).read_text()


def test_pipeline_prints_one_object_with_the_card(client):
    cascade = SCORE | {
        "cost_saving": 0.4,
        "compute_saving": 0.1,
        "share_sent": 0.6,
        "policy": {"k": 5, "threshold": 0.5},
    }

    def work():
        for name in ORDER:
            until_ready(client)
            compute(client, cascade if name == "cascade" else SCORE)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    shown = tutor("pipeline", "--json")
    worker.join(timeout=60)
    assert shown.exit_code == 0, shown.stderr
    card = json.loads(shown.stdout)
    for name in ("baseline_em", "teacher_em", "student_em", "cascade_em"):
        assert card[name] == 0.5
    assert card["cost_saving"] == 0.4
    assert card["points"] == 20 + 7.5 + 15
    assert card["task_points"] == 42.5
    assert card["reference"] is False
    by_task = {task["number"]: (task["points"], task["run"]) for task in card["tasks"]}
    assert by_task["2.2"] == (20, card["runs"]["student"])
    assert by_task["3.2"] == (22.5, card["runs"]["cascade"])
    assert tuple(card["runs"]) == ORDER
    assert set(card["seconds"]) == set(ORDER)
    again = tutor("show", card["runs"]["cascade"])
    assert "Score card: 42.5 of 100 points" in again.stdout


def test_pipeline_by_the_reference_shows_what_it_would_earn_and_nobody_has_it(client):
    cascade = SCORE | {
        "em": 0.7, "cost_saving": 0.4, "compute_saving": 0.1, "share_sent": 0.6,
        "policy": {"k": 5, "threshold": 0.4},
    }  # fmt: skip

    def work():
        for name in ORDER:
            until_ready(client)
            compute(client, cascade if name == "cascade" else SCORE)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    shown = tutor("pipeline", "--reference")
    worker.join(timeout=60)
    assert shown.exit_code == 0, shown.stderr
    head = " ".join(shown.stdout.partition("\n\n")[0].split())
    assert head == (
        "Score card: 100 of 100 points that the reference would earn; nobody's record has them"
    )
    mine = json.loads(tutor("score", "--json").stdout)
    assert mine["reference"] is True
    with Learner(client.home) as learner:
        assert standing(client).points == 0
        assert learner.history() == []


def test_pipeline_sets_and_keeps_settings(client):
    shown = tutor("pipeline", "--set", "lora_r=16", "--set", "threshold=0.4", "--detach", "--json")
    ids = json.loads(shown.stdout)["runs"]
    assert "settings.toml" in shown.stderr
    assert client.run(ids["sft"]).spec["lora_r"] == 16
    assert client.run(ids["cascade"]).spec["threshold"] == 0.4
    again = json.loads(tutor("pipeline", "--detach", "--json").stdout)["runs"]
    assert client.run(again["sft"]).spec["lora_r"] == 16


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("lora_r=0", "lora_r is 0"),
        ("threshold=1.5", "threshold is 1.5"),
        ("target_modules=x_proj", "acorn has no layer x_proj"),
        ("batch_size=4096", "needs"),
        ("rank=3", "no setting 'rank'"),
    ],
)
def test_settings_that_cannot_be_are_refused_before_anything_is_queued(
    home, given, said, monkeypatch
):
    monkeypatch.setattr("engine.machine.machine", lambda *_: Machine(2, 4 * 10**9, 10**9, ()))
    shown = tutor("pipeline", "--set", given)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert json.loads(tutor("runs", "--json").stdout) == []


def test_pipeline_runs_one_task_and_uses_what_is_there(client):
    first = json.loads(tutor("pipeline", "--task", "teach", "--detach", "--json").stdout)["runs"]
    assert tuple(first) == ("teach",)
    then = json.loads(tutor("pipeline", "--task", "fine-tune", "--detach", "--json").stdout)["runs"]
    assert then["teach"] == first["teach"]
    assert tuple(then) == ("teach", "sft", "student")
    wrong = tutor("pipeline", "--task", "nap")
    assert wrong.exit_code == 3
    assert "quantize" in wrong.stderr


def test_a_model_that_is_none_is_refused_before_anything_is_queued(client):
    for option in ("--student", "--teacher"):
        shown = tutor("pipeline", option, "acron")
        assert shown.exit_code == 2
        assert "Did you mean acorn?" in shown.stderr
    assert client.runs() == []


def test_one_task_with_another_precision_on_gsm8k(client, monkeypatch):
    monkeypatch.setitem(PRESETS, "quick", Preset("quick", "", 2, 1, 3))
    given = ("--task", "fine-tune", "--precision", "int8", "--data", "tests/engine/data/gsm8k")
    ids = json.loads(tutor("pipeline", *given, "--detach", "--json").stdout)["runs"]
    specs = {name: client.run(number).spec for name, number in ids.items()}
    assert {spec["precision"] for spec in specs.values()} == {"int8"}
    folder = str(Path("tests/engine/data/gsm8k").resolve())
    assert {specs[name]["data"]["path"] for name in ("teach", "student")} == {folder}


def test_score_before_anything_was_run(home):
    assert "0 of 100 points" in tutor("score").stdout
    assert json.loads(tutor("score", "--json").stdout)["task_points_of"] == 100


def test_a_failing_stage_fails_the_pipeline_and_the_card_holds_the_rest(client):
    def work():
        until_ready(client)
        run = client.store.claim()
        client.store.end(run.id, "failed", error={"what": "No room.", "way_out": "Make some."})
        for _ in ORDER[1:-1]:
            until_ready(client)
            compute(client, SCORE)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    shown = tutor("pipeline", "--json")
    worker.join(timeout=60)
    assert shown.exit_code == 1
    assert "No room. Make some." in shown.stderr
    card = json.loads(shown.stdout)
    assert card["baseline_em"] is None
    assert card["student_em"] == 0.5
    assert card["states"]["cascade"] == "failed"


def press_ctrl_c(self, number, every=0.25):
    raise KeyboardInterrupt


def test_ctrl_c_leaves_the_pipeline_going_on_and_says_how_to_follow_and_end_it(client, monkeypatch):
    monkeypatch.setattr(Client, "follow", press_ctrl_c)
    left = tutor("pipeline")
    assert left.exit_code == 130
    assert left.stdout == ""
    assert "tutor follow 10" in left.stderr
    assert "tutor pause 10 --chain, to end them: tutor cancel 10 --chain" in left.stderr
    assert {run.state for run in client.runs()} == {"queued"}


@pytest.mark.parametrize("command", [["follow", "1"], ["run", "evaluate"]])
def test_ctrl_c_leaves_a_run_going_on(client, monkeypatch, command):
    number = client.submit("evaluate", EvaluateSpec())
    monkeypatch.setattr(Client, "follow", press_ctrl_c)
    left = tutor(*command)
    assert left.exit_code == 130
    assert "goes on without you" in left.stderr
    assert client.run(number).state == "queued"


@pytest.mark.parametrize("option", ["--preset", "--settings"])
def test_pipeline_refuses_what_it_does_not_know(home, option):
    shown = tutor("pipeline", option, "huge")
    assert shown.exit_code == 2
    assert "huge" in shown.stderr
    assert json.loads(tutor("runs", "--json").stdout) == []


def test_a_broken_price_table_is_said_before_anything_is_queued(home):
    (home.path / FILE).write_text("[default\n")
    shown = tutor("pipeline")
    assert shown.exit_code == 1
    assert FILE in shown.stderr
    assert json.loads(tutor("runs", "--json").stdout) == []


def test_info_tells_what_stands_behind_the_runs(home):
    told = json.loads(tutor("info", "--json").stdout)
    assert told["versions"]["torch"]
    assert told["paths"]["home"] == str(home.path)
    assert told["memory"]["total"] > 0
    assert {"acorn", "oak"} <= set(told["models"]["built in"])
    assert "fallbacks" in tutor("info").stdout
