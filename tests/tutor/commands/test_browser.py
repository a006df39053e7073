"""The same walk in a real browser, without a click: Chromium, driven by its debugging port."""

import asyncio
import base64
import shutil
import subprocess
from contextlib import asynccontextmanager
from itertools import count

import aiohttp
import pytest

from tests.tutor.commands.served import (
    ENTER,
    ESCAPE,
    PATIENCE,
    Walker,
    come_back,
    page,
    served,
    walk,
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--window-size=1200,800",
)
NAMED = {ENTER: ("Enter", 13), ESCAPE: ("Escape", 27)}
"""Keys that a browser calls by name, and their codes."""


class Tab(Walker):
    """A tab of the browser: its keyboard, and what comes through its page's socket."""

    def __init__(self, ws):
        self.ws, self._ids = ws, count(1)

    async def tell(self, method, **params):
        await self.ws.send_json({"id": next(self._ids), "method": method, "params": params})

    async def send(self, typed):
        for one in typed:
            name, code = NAMED.get(one, (one, ord(one.upper())))
            what = {"key": name, "windowsVirtualKeyCode": code}
            text = {} if one == ESCAPE else {"text": one}
            await self.tell("Input.dispatchKeyEvent", type="keyDown", **what, **text)
            await self.tell("Input.dispatchKeyEvent", type="keyUp", **what)

    async def receive(self):
        while True:
            message = await self.ws.receive_json()
            assert "error" not in message, message
            if message.get("method") == "Network.webSocketFrameReceived":
                frame = message["params"]["response"]
                if frame["opcode"] == 2:
                    return base64.b64decode(frame["payloadData"])


@asynccontextmanager
async def tab(session, folder):
    """A tab of a new browser, whose profile is in the folder."""
    browser = subprocess.Popen(
        [CHROMIUM, *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        told = folder / "DevToolsActivePort"
        async with asyncio.timeout(PATIENCE):
            while not (told.exists() and "\n" in told.read_text()):
                assert browser.poll() is None, "the browser has ended"
                await asyncio.sleep(0.05)
        port = told.read_text().split()[0]
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            (found,) = (each for each in await answer.json() if each["type"] == "page")
        async with session.ws_connect(found["webSocketDebuggerUrl"], max_msg_size=0) as ws:
            yield Tab(ws)
    finally:
        browser.terminate()
        browser.wait(PATIENCE)


@pytest.mark.skipif(CHROMIUM is None, reason=f"no browser here: none of {', '.join(NAMES)}")
async def test_welcome_a_lesson_a_question_and_a_run_are_walked_in_a_browser(chained, tmp_path):
    folder = tmp_path / "profile"
    folder.mkdir()
    with served(chained) as url:
        async with aiohttp.ClientSession() as session, tab(session, folder) as browser:
            await page(session, url)
            await browser.tell("Network.enable")
            await browser.tell("Page.navigate", url=url)
            await walk(browser)
            browser.seen = ""
            await browser.tell("Page.navigate", url=url)
            await come_back(browser)
