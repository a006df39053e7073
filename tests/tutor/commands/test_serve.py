"""The tutor behind a browser's socket: a real server, a real tutor, and no browser."""

import aiohttp

from tests.tutor.commands.served import Walker, come_back, page, served, walk


class Socket(Walker):
    """What the page's script does: keys go out as text, what is painted comes as bytes."""

    def __init__(self, ws):
        self.ws = ws

    async def send(self, typed):
        await self.ws.send_json(["stdin", typed])

    async def receive(self):
        while (message := await self.ws.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert message.type is aiohttp.WSMsgType.BINARY, message
        return message.data


async def test_welcome_a_lesson_a_question_and_a_run_are_walked_in_a_page(chained):
    with served(chained) as url:
        async with aiohttp.ClientSession() as session:
            html = await page(session, url)
            assert "<title>Efficient AI</title>" in html
            assert ".focus()" in html, "keys work without a click on the page first"
            assert "googleapis" not in html
            async with session.ws_connect(f"{url}/ws?width=100&height=30") as ws:
                await walk(Socket(ws))
            async with session.ws_connect(f"{url}/ws?width=100&height=30") as ws:
                await come_back(Socket(ws))


async def test_a_page_of_another_site_may_not_open_it(tmp_path):
    with served(tmp_path / "home") as url:
        elsewhere = {"Origin": "http://elsewhere.example"}
        async with aiohttp.ClientSession(headers=elsewhere) as session:
            assert "may not open the tutor" in await page(session, url)
