"""`tutor serve`: the tutor in a browser on this machine."""

from __future__ import annotations

import re
import shlex
import sys

import click

from tutor.commands.options import home, home_option, say

HERE = "127.0.0.1"
"""The only address it listens on: whoever reaches it types into this user's tutor."""
ELSEWHERE = re.compile(r"<link[^>]*https?://(?!127\.0\.0\.1)[^>]*>", re.DOTALL)
"""What the page would fetch from other machines: a font."""


TITLE = "Efficient AI"
HEAD = f"""
    <title>{TITLE}</title>
    <link rel="icon" href="data:," />
    <script>
      const typeHere = () => document.querySelector(".xterm-helper-textarea")?.focus();
      new MutationObserver(typeHere).observe(document, {{ childList: true, subtree: true }});
      addEventListener("focus", typeHere);
    </script>
  </head>"""
"""A name for the tab, and the keys go to the tutor without a click on it first."""


@click.command(epilog="Example: tutor serve --port 8123", short_help="Open it in a browser.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@home_option
def serve(port: int) -> None:
    """Open the tutor in a browser on this machine, until Ctrl-C.

    It listens on this machine only, without a password: other users of this machine reach it too.
    From elsewhere, go through SSH: `ssh -L 8000:127.0.0.1:8000 HOST`. Needs the extra `web`.
    """
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise click.ClickException(
            "Serving needs textual-serve, which is not installed. "
            "`pip install 'efficient-ai-tutor[web]'` installs it."
        ) from error
    from aiohttp import web

    @web.middleware
    async def private(request: web.Request, handler: object) -> web.StreamResponse:
        """No page of another site may type here, and this one fetches nothing from elsewhere."""
        origin = request.headers.get("Origin")
        if origin not in (None, f"http://{HERE}:{port}", f"http://localhost:{port}"):
            raise web.HTTPForbidden(text=f"{origin} may not open the tutor.")
        response = await handler(request)
        if isinstance(response, web.Response) and response.content_type == "text/html":
            response.text = ELSEWHERE.sub("", response.text).replace("</head>", HEAD, 1)
        return response

    class Private(Server):
        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(private)
            return app

    command = shlex.join([sys.executable, "-m", "tutor", "--home", str(home().path)])
    say(f"The tutor is at http://{HERE}:{port} until Ctrl-C. Only this machine reaches it.")
    try:
        Private(command, host=HERE, port=port, title=TITLE).serve()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(
            f"Port {port} cannot be had: {reason}. Choose another with --port."
        ) from error
