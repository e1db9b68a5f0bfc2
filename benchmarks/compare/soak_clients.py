"""The clients of the soak: they check every byte they get, and know which failures to excuse.

A failure is excused only when its exchange was in flight while a node was being killed and cannot
be repeated (a POST, or an answer that had begun to arrive). A wrong byte is never excused.
"""

import asyncio
import collections
import hashlib
import json
import random
import re
import socket
import struct
import time

import soak_node

PATIENCE = 60  # seconds for one exchange before it counts as failed
AROUND_KILL = 0.5  # seconds for which a killed node may still be met


class Broken(Exception):
    """The exchange failed; begun tells whether its answer had begun to arrive."""

    def __init__(self, reason, begun=False):
        super().__init__(reason)
        self.begun = begun


class Corrupt(Exception):
    """An answer came to its proper end with the wrong content."""


class Tally:
    """What happened so far: counts per client kind and ending, and the first failures in words."""

    def __init__(self):
        self.counts = collections.Counter()
        self.first = []
        self.kills = []  # times (monotonic) at which a node was killed

    def done(self, kind):
        self.counts[kind, "done"] += 1

    def fail(self, kind, ending, reason):
        self.counts[kind, ending] += 1
        if ending != "excused" and len(self.first) < 20:
            self.first.append(f"{time.strftime('%H:%M:%S')} {kind} {ending}: {reason}")

    def met_a_kill(self, begin):
        """Whether a node was killed after the given time, or just before it."""
        return any(kill + AROUND_KILL >= begin for kill in self.kills)

    def bad(self):
        return sum(n for (_, ending), n in self.counts.items() if ending in ("failed", "corrupt"))

    def total(self, ending):
        return sum(n for (_, word), n in self.counts.items() if word == ending)


class Connection:
    """One client connection; confined to the task that uses it."""

    def __init__(self, port):
        self._port = port
        self._reader = self.writer = None

    async def open(self):
        if self._reader is not None and self._reader.at_eof():
            self.close()  # an idle connection may be closed at any time (RFC 9112 section 9.3.1)
        if self.writer is None:
            self._reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)

    def close(self, reset=False):
        if self.writer is not None:
            if reset:
                linger = struct.pack("ii", 1, 0)
                sock = self.writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.writer.close()
            self._reader = self.writer = None

    async def read_head(self):
        """Status and headers (lower-case names) of the next answer."""
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as end:
            raise Broken("closed before the answer's head was complete", bool(end.partial)) from end
        except asyncio.LimitOverrunError as endless:
            raise Corrupt("an answer's head without end") from endless
        match = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        if not match:
            raise Corrupt(f"expected an answer's head, got {head[:80]!r}")
        headers = {}
        for line in head.decode("latin-1").rstrip("\r\n").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return int(match[1]), headers

    async def read_body(self, headers, pause=None):
        """The answer's body; with a pause, read slowly."""
        parts = []
        try:
            if headers.get("transfer-encoding", "").lower() == "chunked":
                while True:
                    size = int((await self._reader.readuntil(b"\r\n")).partition(b";")[0], 16)
                    parts.append(await self._reader.readexactly(size))
                    await self._reader.readuntil(b"\r\n")
                    if not size:
                        return b"".join(parts)
            missing = int(headers["content-length"])
            while missing:
                piece = await self._reader.read(min(missing, 8192 if pause else 65536))
                if not piece:
                    raise Broken(f"answer cut short, {missing} bytes missing", True)
                parts.append(piece)
                missing -= len(piece)
                if pause:
                    await asyncio.sleep(pause)
            return b"".join(parts)
        except (asyncio.IncompleteReadError, ConnectionError) as end:
            raise Broken("answer cut short", True) from end
        except (KeyError, ValueError) as unframed:
            raise Corrupt(f"answer is not framed: {headers}") from unframed

    async def read_some(self, size):
        await self._reader.read(size)


async def repeat(kind, port, tally, stop, exchange, repeatable, rest):
    """Does one kind of exchange again and again until stop is set, on a connection kept alive."""
    connection = Connection(port)
    chance = random.Random(f"{kind}{time.monotonic()}")
    while not stop.is_set():
        begin = time.monotonic()
        try:
            await asyncio.wait_for(exchange(connection, chance), PATIENCE)
            tally.done(kind)
        except Corrupt as corrupt:
            tally.fail(kind, "corrupt", corrupt)
            connection.close()
        except (Broken, OSError, asyncio.TimeoutError) as broken:
            once = not repeatable or getattr(broken, "begun", False)
            ending = "excused" if once and tally.met_a_kill(begin) else "failed"
            tally.fail(kind, ending, f"{type(broken).__name__} {broken}")
            connection.close()
            await asyncio.sleep(0.05)
        if chance.random() < 0.02:  # also new connections, not only kept ones
            connection.close()
        await asyncio.sleep(rest)
    connection.close()


def _request(method, target, *headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: soak.test", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _slice(chance):
    length = chance.choice((0, 1, 200, 1500, 16384, 70000, 300000, 1000000))
    return chance.randrange(1 << 20), length


async def _expect_ok(connection, headers, status):
    if status != 200:
        await connection.read_body(headers)
        raise Broken(f"status {status}")


def _expect_slice(got, start, length):
    expected = soak_node.block_slice(start, length)
    if got != expected:
        raise Corrupt(f"bytes {start}/{length}: got {len(got)} bytes that differ")


async def download(connection, chance, pause=None):
    """A GET of a random slice, half of them chunked."""
    start, length = _slice(chance)
    query = chance.choice(("", "?chunked"))
    await connection.open()
    connection.writer.write(_request("GET", f"/bytes/{start}/{length}{query}"))
    status, headers = await connection.read_head()
    await _expect_ok(connection, headers, status)
    _expect_slice(await connection.read_body(headers, pause), start, length)


async def post(connection, chance):
    """A POST of random bytes, half of them chunked; the node's checksum must be ours."""
    start, length = _slice(chance)
    content = soak_node.block_slice(start, length)
    await connection.open()
    target = f"/sum/{chance.getrandbits(64):016x}"
    if chance.random() < 0.5:
        connection.writer.write(_request("POST", target, f"Content-Length: {length}") + content)
    else:
        connection.writer.write(_request("POST", target, "Transfer-Encoding: chunked"))
        for at in range(0, length, 10000):
            piece = content[at : at + 10000]
            connection.writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await connection.writer.drain()
        connection.writer.write(b"0\r\n\r\n")
    await connection.writer.drain()
    await _expect_sum(connection, content)


async def slow_post(connection, chance):
    """A POST whose head and body trickle in over a second or two."""
    start, length = chance.randrange(1 << 20), 2000
    content = soak_node.block_slice(start, length)
    await connection.open()
    target = f"/sum/{chance.getrandbits(64):016x}"
    for byte in _request("POST", target, f"Content-Length: {length}"):
        connection.writer.write(bytes((byte,)))
        await asyncio.sleep(0.01)
    for at in range(0, length, 100):
        connection.writer.write(content[at : at + 100])
        await asyncio.sleep(0.05)
    await _expect_sum(connection, content)


async def _expect_sum(connection, content):
    status, headers = await connection.read_head()
    await _expect_ok(connection, headers, status)
    answer = await connection.read_body(headers)
    try:
        got = json.loads(answer)
    except ValueError as unreadable:
        raise Corrupt(f"expected the node's JSON, got {answer[:80]!r}") from unreadable
    expected = {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if got != expected:
        raise Corrupt(f"the node received {got}, sent was {expected}")


async def slow_download(connection, chance):
    """A download read in small portions with pauses, so that back-pressure has to hold."""
    await download(connection, chance, pause=0.01)


async def abort(connection, chance):
    """A download given up in the middle: closed in turn with FIN and with RST."""
    await connection.open()
    connection.writer.write(_request("GET", "/bytes/0/2000000"))
    await connection.read_some(chance.randrange(1, 50000))
    connection.close(reset=chance.random() < 0.5)
