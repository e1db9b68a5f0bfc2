"""Clients that come at a rate, whatever becomes of those before them (an open loop).

Their times count from when they were to come, so that a generator that falls behind does not make
answers look fast. A client that has waited for the time of its patience goes away.
"""

import asyncio
import heapq
import random
from dataclasses import dataclass, field

# More than a proxy without admission answers; those who come beyond find no file handle and go.
MAX_OPEN = 8000

REQUEST = b"GET /work HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class Counts:
    """What became of the clients of one run; times in seconds."""

    offered: int = 0
    served: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    gone: int = 0
    errors: int = 0
    without_retry_after: int = 0


class Connection(asyncio.Protocol):
    def __init__(self, clients):
        self.clients = clients
        self.came = None
        self.read = b""

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, came):
        self.came = came
        self.read = b""
        self.transport.write(REQUEST)

    def data_received(self, data):
        self.read += data
        head, end, body = self.read.partition(b"\r\n\r\n")
        if not end or self.came is None:
            return
        fields = head.lower().split(b"\r\n")
        length = next(
            (int(f.split(b":")[1]) for f in fields if f.startswith(b"content-length:")), 0
        )
        if len(body) >= length:
            came, self.came = self.came, None
            self.clients.answered(self, came, fields)

    def connection_lost(self, _):
        self.clients.open_ones -= 1
        if self.came is not None:
            self.came = None
            self.clients.counts.errors += 1
        self.clients.idle.discard(self)


class Clients:
    """Offers requests over kept connections, opening more as they are needed."""

    def __init__(self, port, patience):
        self.port = port
        self.patience = patience
        self.idle = set()
        self.busy = []
        self.open_ones = 0
        self.counts = Counts()
        self.random = random.Random(1)

    async def run(self, per_second, seconds):
        """One run; returns its counts. Connections stay for the next one."""
        self.counts = Counts()
        self.loop = asyncio.get_running_loop()
        now = self.loop.time()
        end, due = now + seconds, now
        while due < end:
            while due <= now:
                self.come(due)
                due += self.random.expovariate(per_second)
            self.leave(now)
            await asyncio.sleep(min(max(due - now, 0.001), 0.01))
            now = self.loop.time()
        counts = self.counts
        deadline = self.loop.time() + self.patience
        while self.busy and self.loop.time() < deadline:
            self.leave(self.loop.time())
            await asyncio.sleep(0.01)
        return counts

    def come(self, when):
        self.counts.offered += 1
        if self.idle:
            connection = self.idle.pop()
            heapq.heappush(self.busy, (when, id(connection), connection))
            connection.ask(when)
        else:
            self.loop.create_task(self.open(when))

    async def open(self, when):
        if self.open_ones >= MAX_OPEN:
            self.counts.gone += 1
            return
        self.open_ones += 1
        try:
            _, connection = await self.loop.create_connection(
                lambda: Connection(self), "127.0.0.1", self.port
            )
        except OSError:
            self.open_ones -= 1
            self.counts.errors += 1
            return
        heapq.heappush(self.busy, (when, id(connection), connection))
        connection.ask(when)

    def leave(self, now):
        """Those whose patience has an end go away."""
        while self.busy and (
            self.busy[0][2].came != self.busy[0][0] or now - self.busy[0][0] > self.patience
        ):
            when, _, connection = heapq.heappop(self.busy)
            if connection.came == when:
                connection.came = None
                connection.transport.abort()
                self.counts.gone += 1

    def answered(self, connection, came, fields):
        took = self.loop.time() - came
        status = fields[0].split(b" ")[1]
        if status == b"200":
            self.counts.served.append(took)
        elif status == b"503":
            self.counts.refused.append(took)
            if not any(f.startswith(b"retry-after:") for f in fields):
                self.counts.without_retry_after += 1
        else:
            self.counts.errors += 1
        if any(f == b"connection: close" for f in fields):
            connection.transport.close()
        else:
            self.idle.add(connection)

    def close(self):
        for connection in list(self.idle):
            connection.transport.abort()
