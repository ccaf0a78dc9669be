"""A way to the broker that can turn into a black hole: it accepts, takes everything, and never answers."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Proxy:
    """A TCP port of this machine that leads to a Unix socket, as long as `is_hole` is not set."""

    def __init__(self, target: str) -> None:
        self.target, self.is_hole, self.port, self.accepted = target, False, 0, 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()

    def switch(self, *, hole: bool) -> None:
        """Swallow from now on, or pass again; what is connected is cut, as when a network comes back."""
        self.is_hole = hole
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._open.add(writer)
        with contextlib.suppress(OSError):
            if self.is_hole:
                await self._pump(reader, None)
            else:
                back, forth = await asyncio.open_unix_connection(self.target)
                self._open.add(forth)
                await asyncio.gather(self._pump(reader, forth), self._pump(back, writer))
        self._open.discard(writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None) -> None:
        while block := await reader.read(65536):
            if writer is not None:
                writer.write(block)
                await writer.drain()
        if writer is not None:
            writer.close()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        self._cut()

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Serve in a thread until the end of the block."""
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
