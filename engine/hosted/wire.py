"""The connection to a service: to the address that was named, and to no other.

A redirect is not followed. The key stands in a header, and a library drops only the headers that
it knows from a request that goes on to another host: Gemini's is not among them. Nor is a reply
read beyond what an answer can need, however small it was when it was packed.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from urllib.parse import urljoin, urlsplit

import httpx2

from engine.hosted.retrying import Trouble

LONGEST_REPLY = 4 * 1024 * 1024
"""Bytes of a reply. The longest answers of today's models take a tenth of it."""
_UNPACKED = {"gzip", "x-gzip", "deflate"}
_EITHER = 32 + zlib.MAX_WBITS
"""Tells zlib to see for itself whether it is gzip's format or its own."""


def client(timeout: float) -> httpx2.AsyncClient:
    """A client for one service.

    Args:
        timeout: Seconds without a byte until a request is given up.

    Returns:
        One that raises Trouble for a redirect, and for a reply that is too long or is packed in a
        way that was not asked for.
    """
    return httpx2.AsyncClient(
        timeout=timeout,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_guard]},
    )


async def _guard(response: httpx2.Response) -> None:
    if response.has_redirect_location:
        raise Trouble("a redirect, which is not followed", says=_leads_to(response))
    packed = response.headers.pop("content-encoding", "identity").strip().lower()
    if packed not in {*_UNPACKED, "identity", ""}:
        raise Trouble(f"a reply packed as {packed[:20]!r}")
    response.stream = _Bounded(response.stream, packed in _UNPACKED)


def _leads_to(response: httpx2.Response) -> str:
    """Where a redirect leads, without what may be secret in the rest of the address."""
    address = urlsplit(urljoin(str(response.request.url), response.headers["location"]))
    return f"it leads to {address.scheme}://{address.netloc.rpartition('@')[2]}"


class _Bounded(httpx2.AsyncByteStream):
    """A reply's bytes, unpacked, as long as there are not too many."""

    def __init__(self, stream: httpx2.AsyncByteStream, packed: bool) -> None:
        self._stream = stream
        self._unpack = zlib.decompressobj(_EITHER) if packed else None
        self._left = LONGEST_REPLY

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            plain = self._plain(chunk)
            self._left -= len(plain)
            if self._left < 0:
                raise Trouble(f"a reply of more than {LONGEST_REPLY // 1024**2} MB")
            yield plain

    def _plain(self, chunk: bytes) -> bytes:
        if self._unpack is None:
            return chunk
        try:
            return self._unpack.decompress(chunk, self._left + 1)
        except zlib.error:
            raise Trouble("a reply that cannot be unpacked") from None

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._stream.aclose()
