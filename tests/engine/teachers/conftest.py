"""Oak's real answers, generated once in a session, behind a server on this machine."""

import pytest

from engine.data.problems import DataSpec
from tests.engine.teachers.loopback import KEY, Loopback, Reply

LIMIT = 24
DATA = DataSpec(split="train", level=2, limit=LIMIT)


def oaks_answers(data, batch_size=64):
    """What oak says to each question of `data`, greedily, as a mapping from question to Reply."""
    from engine.models.loading import load
    from engine.models.sampling import generate_batch, plan_batches

    oak = load("oak", "fp32", device="cpu")
    replies = {}
    for batch in plan_batches(data.problems(), oak.tokenizer, "", batch_size=batch_size):
        questions = {problem.id: problem.question for problem in batch.problems}
        for said in generate_batch(oak, batch, temperature=0.0, max_new_tokens=200):
            replies[questions[said.problem_id]] = Reply(said.text, said.tokens_in, said.tokens_out)
    return replies


@pytest.fixture(scope="session")
def answers():
    """To `LIMIT` training questions."""
    return oaks_answers(DATA)


@pytest.fixture
def problems():
    return DATA.problems()


class Here:
    """Asks in this process, where a test's clock holds; the courier's own tests have a process."""

    def __init__(self, home, run_id, model):
        from engine.hosted import services
        from engine.hosted.courier import client_of

        self._client = client_of(services.read(model, home.path))

    async def models(self):
        return await self._client.models()

    async def ask(self, request, question, manner):
        return await self._client.ask(question, manner)

    async def close(self):
        await self._client.close()


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr("engine.kinds.asking_hosted.Courier", Here)


@pytest.fixture
def server(answers, monkeypatch):
    """The server, and an environment in which both providers lead to it."""
    with Loopback(answers) as server:
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.address}/v1")
        yield server


@pytest.fixture
def home(tmp_path):
    """A home whose hosted teachers have no limits and short patience."""
    from engine.runs.home import Home

    home = Home(tmp_path / "home").prepare()
    unlimited(home)
    return home


def unlimited(home, **settings):
    """Write the home's settings of both services."""
    values = {
        "requests_per_minute": 0, "tokens_per_minute": 0, "requests_per_day": 0,
        "timeout": 5, "tries": 3, **settings,
    }  # fmt: skip
    lines = "\n".join(
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
        for name, value in values.items()
    )
    (home.path / "teachers.toml").write_text(f"[gemini]\n{lines}\n\n[openai]\n{lines}\n")


@pytest.fixture
def recorder(home):
    """Submits a run and claims it, as the worker does; given its id, claims it again."""
    from engine.runs.client import Client
    from engine.runs.record import Recorder

    client = Client(home, worker=None)

    def claim(spec, run_id=None):
        run_id = run_id or client.submit(spec.kind, spec)
        return Recorder(client.store, client.run(run_id))

    yield claim
    client.close()


@pytest.fixture
def fast(monkeypatch):
    """Waits for limits and for another try pass fifty times as fast."""
    from tests.engine.teachers.fast import Fast

    clock = Fast(50)
    monkeypatch.setattr("engine.hosted.line.Clock", lambda: clock)
    return clock


@pytest.fixture
def drawn(recorder, problems):
    """A finished sample run, whose two samples agree on every other problem."""
    from engine.kinds.specs import SampleSpec

    record = recorder(SampleSpec(data=DATA, k=2))
    rows = [
        {
            "problem_id": problem.id, "sample": sample, "question": problem.question,
            "gold": problem.gold, "text": "", "extracted": str(sample * (n % 2)),
            "stage": "####", "correct": False, "tokens_in": 9, "tokens_out": 9, "cut_off": False,
        }
        for n, problem in enumerate(problems)
        for sample in range(2)
    ]  # fmt: skip
    record.predictions(rows, 48, 48)
    load = {"precision": "nf4", "quantized_params": 9, "unquantized_params": 0, "adapter_params": 0}
    record.environment(load=load, fingerprints={"data": DATA.fingerprint()})
    store = record.store
    store.claim()
    store.end(record.run.id, "finished", result={})
    return record.run.id
