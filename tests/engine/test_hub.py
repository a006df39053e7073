"""Against a hub of our own on the loopback, and one test (marked hub) against the real one."""

import json
import shutil
import threading
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import constants

from engine import hub
from engine.errors import DiskFull, GatedModel, ModelNotFound, NoNetwork, NotEnoughMemory
from engine.models.loading import load

REVISION = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Serves one model's files the way the hub does, and notes what it was asked for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.refusals, self.asked = {}, {}, []
        self.tokens = set()
        self.elsewhere = None
        """Where the files lie, as the hub keeps large ones with another host."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def downloads(self):
        return [path.rsplit("/", 1)[-1] for method, path in self.asked if method == "GET" and
                "/resolve/" in path]  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer()

    def do_HEAD(self):
        self.answer()

    def log_message(self, *_):
        pass

    def answer(self):
        path = self.path.split("?")[0]
        self.server.asked.append((self.command, path))
        self.server.tokens.add(self.headers.get("Authorization"))
        for start, (status, code) in self.server.refusals.items():
            if start in path:
                return self.send(b"{}", status, {"X-Error-Code": code, "X-Error-Message": code})
        files = self.server.files
        if path.startswith("/api/models/owner/name/tree/"):
            tree = [
                {"type": "file", "path": name, "size": len(data), "oid": sha1(data).hexdigest()}
                for name, data in files.items()
            ]
            return self.send(json.dumps(tree).encode())
        if path.startswith("/api/models/owner/name"):
            info = {
                "id": "owner/name",
                "sha": REVISION,
                "siblings": [{"rfilename": f} for f in files],
            }
            return self.send(json.dumps(info).encode())
        name = path.rsplit("/", 1)[-1]
        if path.startswith("/owner/name/resolve/") and name in files:
            data = files[name]
            if self.server.elsewhere:
                tag, size = f'"{sha1(data).hexdigest()}"', str(len(data))
                leads = {"Location": self.server.elsewhere + path}
                return self.send(b"", 302, {"X-Linked-Etag": tag, "X-Linked-Size": size, **leads})
            return self.send(data, headers={"ETag": f'"{sha1(data).hexdigest()}"'})
        return self.send(b"{}", 404, {"X-Error-Code": "RepoNotFound"})

    def send(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in {"X-Repo-Commit": REVISION, **dict(headers)}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@pytest.fixture
def served(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    server = Hub()
    server.files = {path.name: path.read_bytes() for path in tiny.iterdir()}
    server.files["pytorch_model.bin"] = b"pickled"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(served, hub_id="owner/name", **options):
    return hub.fetch(hub_id, endpoint=served.url, **options)


def test_a_model_is_downloaded_once_and_then_needs_no_network(served, tiny):
    folder, revision = fetch(served)
    assert revision == REVISION
    assert {path.name for path in folder.iterdir()} == {path.name for path in tiny.iterdir()}
    assert (folder / "model.safetensors").read_bytes() == (tiny / "model.safetensors").read_bytes()
    asked = len(served.asked)
    assert fetch(served) == (folder, revision)
    assert len(served.asked) == asked


def test_what_is_whole_in_the_cache_is_known_without_a_network(served):
    assert hub.cached("owner/name") is None
    folder, _ = fetch(served)
    asked = len(served.asked)
    assert hub.cached("owner/name") == folder
    assert len(served.asked) == asked


def test_a_token_stays_with_the_hub_where_the_files_lie_elsewhere(served, tiny, monkeypatch):
    """`localhost` is another host than 127.0.0.1."""
    monkeypatch.setenv("HF_TOKEN", token := "hf_not-a-token-but-for-this-test")
    cdn = Hub()
    cdn.files = served.files
    thread = threading.Thread(target=cdn.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.elsewhere = cdn.url.replace("127.0.0.1", "localhost")
    try:
        folder, _ = fetch(served)
    finally:
        cdn.shutdown()
        cdn.server_close()
        thread.join()
    assert {path.name for path in folder.iterdir()} == {path.name for path in tiny.iterdir()}
    assert served.tokens == {f"Bearer {token}"}
    assert cdn.tokens == {None}


def test_pickled_weights_are_never_downloaded(served):
    fetch(served)
    assert "pytorch_model.bin" not in served.downloads()


def test_what_would_not_fit_is_said_before_the_weights_are_downloaded(served):
    def before(folder):
        assert json.loads((folder / "config.json").read_text())["model_type"] == "qwen2"
        raise NotEnoughMemory("too large")

    with pytest.raises(NotEnoughMemory, match="too large"):
        fetch(served, before=before)
    assert served.downloads() == ["config.json"]


def test_a_download_that_broke_off_is_not_taken_for_whole(served):
    with pytest.raises(NotEnoughMemory):
        fetch(served, before=lambda folder: (_ for _ in ()).throw(NotEnoughMemory("no")))
    folder, _ = fetch(served)
    assert (folder / "model.safetensors").is_file()


def test_no_such_model(served):
    with pytest.raises(ModelNotFound, match="no model owner/other, or it is private") as raised:
        fetch(served, "owner/other")
    assert "spelling" in raised.value.way_out


def test_a_gated_model(served):
    served.refusals = {"/api/models/": (403, "GatedRepo")}
    with pytest.raises(GatedModel, match="owner/name is gated") as raised:
        fetch(served)
    assert "https://huggingface.co/owner/name" in raised.value.way_out


def test_a_model_whose_files_alone_are_gated(served):
    served.refusals = {"/resolve/": (403, "GatedRepo")}
    with pytest.raises(GatedModel):
        fetch(served)


def test_no_network(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(NoNetwork, match="owner/name is not on this machine") as raised:
        hub.fetch("owner/name", endpoint="http://127.0.0.1:9")
    assert "built-in" in raised.value.way_out


def test_a_hub_that_is_down_is_no_network(served):
    served.refusals = {"/": (503, "")}
    with pytest.raises(NoNetwork):
        fetch(served)


def test_a_disk_without_room_is_said_before_the_download(served, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(hub.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DiskFull, match=r"to download; .* has 0\.0 GB free"):
        fetch(served)
    assert served.downloads() == ["config.json"]


def test_a_disk_that_fills_up():
    with pytest.raises(DiskFull, match="filled up") as raised, hub.plain_errors("owner/name"):
        raise OSError(28, "No space left on device")
    assert "carries on" in raised.value.way_out


@pytest.mark.parametrize(
    ("left_out", "what"),
    [("config.json", r"no config\.json"), ("model.safetensors", "no safetensors weights")],
)
def test_a_repository_that_is_no_model_for_us(served, left_out, what):
    del served.files[left_out]
    with pytest.raises(ModelNotFound, match=what):
        fetch(served)


def test_what_is_not_the_hubs_fault_stays_what_it_is():
    with pytest.raises(ZeroDivisionError), hub.plain_errors("owner/name"):
        raise ZeroDivisionError


def test_a_hub_model_is_loaded_and_known_by_its_revision(served, monkeypatch, tmp_path):
    usual = hub.fetch
    monkeypatch.setattr(hub, "fetch", lambda *a, **k: usual(*a, **k, endpoint=served.url))
    record = load("owner/name", "nf4", device="cpu", cache=tmp_path / "kept").record
    assert record.fingerprint == f"owner/name@{REVISION}"
    served.shutdown()
    assert load("owner/name", "nf4", device="cpu", cache=tmp_path / "kept").record.from_cache
    (kept,) = Path(tmp_path / "kept").iterdir()
    assert kept.name.startswith("owner--name-nf4-")


@pytest.mark.hub
def test_the_real_hub(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    said = []
    folder, revision = hub.fetch(
        "hf-internal-testing/tiny-random-Qwen2ForCausalLM", progress=said.append
    )
    assert (folder / "config.json").is_file()
    assert len(revision) == 40
    assert said
