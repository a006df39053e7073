"""A server on this machine that speaks as Gemini's and OpenAI's do, with oak's answers behind it.

    with Loopback(answers) as server:
        server.fault = lambda question, nth: "429" if nth == 1 else None
        ...
        server.paid()      # questions that were answered, and so paid for, in their order

It writes down every request: when, which question, what became of it. A fault is one of `FAULTS`,
or a status with what it asks to wait, such as `429 27` or `429 day`, or a whole reply as `Raw`.
"""

import json
import re
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from engine.models.registry import INSTRUCTION

FAULTS = (
    "429", "500", "503", "hang", "reset", "malformed", "html",
    "safety", "prompt", "length", "empty",
)  # fmt: skip
MODELS = ("gemini-2.5-flash", "gemma-3n-e4b-it", "gemma-4-26b-a4b-it", "gemma-4-31b-it", "oak")
KEY = "a-key-for-tests-only"


@dataclass(frozen=True)
class Reply:
    """What oak says to a question."""

    text: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Raw:
    """A reply as it goes over the wire, in place of the one that the server would give."""

    body: bytes
    status: int = 200
    headers: dict = field(default_factory=dict)


@dataclass
class Request:
    """One request that arrived."""

    at: float
    question: str
    model: str
    fault: str | Raw | None = None
    tokens: int = 0
    """In and out, of a reply that was billed."""
    body: dict = field(default_factory=dict)
    over: bool = False
    """Whether the server has done with it; one that hangs is never over."""


class Loopback:
    """The server; it runs in a thread of its own while the block lasts."""

    def __init__(self, answers, models=MODELS, key=KEY, clock=time.time, page=2):
        self.answers = answers
        """From a question to a Reply; a mapping or a function."""
        self.models = models
        self.key = key
        """The key that it lets in; None lets in everybody."""
        self.clock = clock
        self.page = page
        """Models on a page of Gemini's list."""
        self.fault = lambda question, nth: None
        """What goes wrong with the nth request for a question, or None."""
        self.latency = lambda question, nth: 0.0
        """Seconds that it thinks before it replies."""
        self.listen = lambda handler: None
        """Hears of everything that arrives, before it is answered."""
        self.list = None
        """A Raw in place of the list of models."""
        self.echo = False
        """Whether it repeats the key in what it says of a wrong one, as some do."""
        self.requests = []
        self.hanging = threading.Event()
        self._counts = Counter()
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.loopback = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.hanging.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paid(self):
        """The questions that were replied to with usage, one for each time."""
        with self._lock:
            return [each.question for each in self.requests if each.tokens]

    def asked(self):
        """The questions of all requests, as they arrived."""
        with self._lock:
            return [each.question for each in self.requests]

    def quiet(self):
        """Whether it has done with every request, but for those that hang."""
        with self._lock:
            return all(each.over or each.fault == "hang" for each in self.requests)

    def arrived(self, question, model, body):
        with self._lock:
            self._counts[question] += 1
            nth = self._counts[question]
            request = Request(self.clock(), question, model, body=body)
            self.requests.append(request)
        request.fault = self.fault(question, nth)
        self.hanging.wait(self.latency(question, nth))
        return request

    def reply(self, question):
        found = self.answers(question) if callable(self.answers) else self.answers[question]
        return found


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that has gone away is no news here."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def loopback(self):
        return self.server.loopback

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.loopback.listen(self)
        if raw := self.loopback.list:
            self.write(raw.status, raw.body, "application/json", raw.headers)
            return
        path, _, query = self.path.partition("?")
        if not self.let_in(path):
            return
        names = self.loopback.models
        if path == "/v1/models":
            rows = [{"id": n, "object": "model", "created": 1, "owned_by": "tests"} for n in names]
            self.send(200, {"object": "list", "data": rows})
        elif path == "/v1beta/models":
            told = dict(pair.split("=") for pair in query.split("&") if "=" in pair)
            first = int(told.get("pageToken", 0))
            rows = [
                {
                    "name": f"models/{name}",
                    "displayName": name,
                    "supportedGenerationMethods": ["generateContent", "countTokens"],
                }
                for name in names[first : first + self.loopback.page]
            ]
            if first == 0:
                embeds = ["embedContent"]
                rows.append({"name": "models/gemma-embeds", "supportedGenerationMethods": embeds})
            more = first + self.loopback.page
            further = {"nextPageToken": str(more)} if more < len(names) else {}
            self.send(200, {"models": rows, **further})
        else:
            self.send(404, {"error": {"code": 404, "message": "no such page"}})

    def do_POST(self):
        self.loopback.listen(self)
        path = self.path.partition("?")[0]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.let_in(path):
            return
        if found := re.fullmatch(r"/v1beta/models/(.+):generateContent", path):
            self.gemini(found[1], body)
        elif path == "/v1/chat/completions":
            self.openai(body)
        else:
            self.send(404, {"error": {"code": 404, "message": "no such page"}})

    def let_in(self, path):
        """Whether the key is right; says so where it is not."""
        gemini = path.startswith("/v1beta")
        sent = self.headers.get("x-goog-api-key" if gemini else "Authorization", "")
        sent = sent.removeprefix("Bearer ")
        if self.loopback.key in (None, sent):
            return True
        told = f" You sent {sent}." if self.loopback.echo else ""
        if gemini:
            why = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
            }
            message = f"API key not valid. Please pass a valid API key.{told}"
            self.google_error(400, "INVALID_ARGUMENT", message, [why])
        else:
            error = {"message": f"Incorrect API key provided.{told}", "code": "invalid_api_key"}
            self.send(401, {"error": error})
        return False

    # Gemini

    def gemini(self, model, body):
        if model not in self.loopback.models:
            self.google_error(404, "NOT_FOUND", f"models/{model} is not found for v1beta.")
            return
        if model.startswith("gemma") and body.get("systemInstruction"):
            message = f"Developer instruction is not enabled for models/{model}"
            self.google_error(400, "INVALID_ARGUMENT", message)
            return
        [turn] = body["contents"]
        request = self.loopback.arrived(asked(turn["parts"][0]["text"]), model, body)
        try:
            self.gemini_reply(request, model, body)
        finally:
            request.over = True

    def gemini_reply(self, request, model, body):
        if self.gone_wrong(request, self.google_limit):
            return
        reply = self.loopback.reply(request.question)
        text, reason = reply.text, "STOP"
        limit = body["generationConfig"]["maxOutputTokens"]
        if request.fault == "prompt":
            usage = {"promptTokenCount": reply.tokens_in, "totalTokenCount": reply.tokens_in}
            blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
            self.pay(request, reply.tokens_in, {**blocked, "usageMetadata": usage})
            return
        if request.fault == "safety":
            text, reason = "", "SAFETY"
        elif request.fault == "length" or reply.tokens_out > limit:
            text, reason = text[: len(text) // 2], "MAX_TOKENS"
        elif request.fault == "empty":
            text = ""
        out = min(reply.tokens_out, limit)
        said = gemini_said(text, reply.tokens_in, out, reason, model)
        self.pay(request, reply.tokens_in + out, said)

    def google_limit(self, told):
        quota = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
        if told == "day":
            quota = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
        details = [
            {
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{"quotaId": quota, "quotaMetric": "generate_content_requests"}],
            }
        ]
        if told and told != "day":
            kind = "type.googleapis.com/google.rpc.RetryInfo"
            details.append({"@type": kind, "retryDelay": f"{told}s"})
        self.google_error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", details)

    def google_error(self, code, status, message, details=()):
        error = {"code": code, "message": message, "status": status, "details": list(details)}
        self.send(code, {"error": error})

    # OpenAI

    def openai(self, body):
        model = body["model"]
        if model not in self.loopback.models:
            message = f"The model `{model}` does not exist."
            self.send(404, {"error": {"message": message, "code": "model_not_found"}})
            return
        [turn] = body["messages"]
        request = self.loopback.arrived(asked(turn["content"]), model, body)
        try:
            self.openai_reply(request, model, body)
        finally:
            request.over = True

    def openai_reply(self, request, model, body):
        if self.gone_wrong(request, self.openai_limit):
            return
        reply = self.loopback.reply(request.question)
        text, reason = reply.text, "stop"
        limit = body.get("max_completion_tokens") or body["max_tokens"]
        if request.fault in ("safety", "prompt"):
            text, reason = "", "content_filter"
        elif request.fault == "length" or reply.tokens_out > limit:
            text, reason = text[: len(text) // 2], "length"
        elif request.fault == "empty":
            text = ""
        out = min(reply.tokens_out, limit)
        said = openai_said(text, reply.tokens_in, out, reason, model)
        self.pay(request, reply.tokens_in + out, said)

    def openai_limit(self, told):
        if told == "quota":
            error = {"message": "You exceeded your current quota.", "code": "insufficient_quota"}
            self.send(429, {"error": error})
            return
        headers = {"Retry-After": told} if told else {}
        self.send(429, {"error": {"message": "Rate limit reached."}}, headers)

    # Both

    def gone_wrong(self, request, limit):
        """Do what the request's fault says, where that is all that the client gets."""
        if isinstance(raw := request.fault, Raw):
            self.write(raw.status, raw.body, "application/json", raw.headers)
            return True
        code, _, told = (request.fault or "").partition(" ")
        if code == "429":
            limit(told)
        elif code.isdigit():
            self.send(int(code), {"error": {"code": int(code), "message": "try again"}})
        elif code == "hang":
            self.loopback.hanging.wait()
            self.close_connection = True
        elif code == "reset":
            at_once = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            self.connection.close()
            self.close_connection = True
        elif code == "malformed":
            self.write(200, b'{"candidates": [{"content": {"par', "application/json")
        elif code == "html":
            self.write(200, b"<html>Bad gateway</html>", "text/html")
        else:
            return False
        return True

    def pay(self, request, tokens, said):
        """Send a reply with its usage; it is paid for whether or not anybody still listens."""
        request.tokens = tokens
        self.send(200, said)

    def send(self, status, said, headers=None):
        self.write(status, json.dumps(said).encode(), "application/json", headers)

    def write(self, status, data, kind, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()


def gemini_said(text, tokens_in, tokens_out, reason="STOP", model="gemma-4-31b-it"):
    """A reply by Gemini's protocol; half of what was written was thought."""
    thoughts = tokens_out // 2
    content = {"role": "model", **({"parts": [{"text": text}]} if text else {})}
    usage = {
        "promptTokenCount": tokens_in,
        "candidatesTokenCount": tokens_out - thoughts,
        "thoughtsTokenCount": thoughts,
        "totalTokenCount": tokens_in + tokens_out,
    }
    return {
        "candidates": [{"content": content, "finishReason": reason, "index": 0}],
        "usageMetadata": usage,
        "modelVersion": model,
    }


def openai_said(text, tokens_in, tokens_out, reason="stop", model="oak"):
    """A reply by OpenAI's protocol."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        },
    }


def asked(text):
    """The question, without the instruction that was folded into its turn."""
    return text.removesuffix(f"\n\n{INSTRUCTION}")
