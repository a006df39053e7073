"""The tutor behind a browser's socket: a real server, a real tutor, and no browser."""

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import aiohttp

PATIENCE = 60


@contextmanager
def served(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "tutor", "serve", "--port", str(port), "--home", str(home)]
    env = dict(os.environ)  # without the COLUMNS that readline gives a child behind Python's back
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, env=env, **piped)
    try:
        assert "Only this machine reaches it" in process.stderr.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def page(session, url):
    """The page, as soon as the server listens."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(url) as answer:
                    return await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


async def painted(session, url, words):
    """Read what the tutor paints until these words are there."""
    seen = b""
    async with asyncio.timeout(PATIENCE), session.ws_connect(f"{url}/ws?width=80&height=24") as ws:
        while words not in seen:
            message = await ws.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
            if message.type is aiohttp.WSMsgType.BINARY:
                seen += message.data
    return seen


async def test_the_tutor_opens_in_a_browser_and_fetches_nothing_from_elsewhere(tmp_path):
    with served(tmp_path / "home") as url:
        async with aiohttp.ClientSession() as session:
            html = await page(session, url)
            assert "<title>Efficient AI</title>" in html
            assert ".focus()" in html, "keys work without a click on the page first"
            assert "googleapis" not in html
            assert b"Continue" in await painted(session, url, b"Continue")


async def test_a_page_of_another_site_may_not_open_it(tmp_path):
    with served(tmp_path / "home") as url:
        elsewhere = {"Origin": "http://elsewhere.example"}
        async with aiohttp.ClientSession(headers=elsewhere) as session:
            assert "may not open the tutor" in await page(session, url)
