"""The load: wrk runs, idle connections, and the table of scenarios built from them."""

import re
import select
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import processes
from processes import Trouble

REPORT_SCRIPT = Path(__file__).with_name("wrk-report.lua")


@dataclass(frozen=True)
class Scenario:
    """One thing measured; kind says which figures it yields."""

    name: str
    kind: str  # "load", "latency", "idle" or "start"
    title: str
    path: str = "/200"
    connections: int = 64
    headers: tuple = ()


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("s1-200", "load", "GET 200 B, 64 keep-alive connections", "/200"),
        Scenario("s1-1k", "load", "GET 1 KB, 64 keep-alive connections", "/1k"),
        Scenario("s1-10k", "load", "GET 10 KB, 64 keep-alive connections", "/10k"),
        Scenario("s2-100k", "load", "GET 100 KB, 64 keep-alive connections", "/100k"),
        Scenario(
            "s11",
            "load",
            "GET 200 B, a new client connection for each request",
            headers=("Connection: close",),
        ),
        Scenario("s13", "latency", "GET 200 B, one connection: latency added", connections=1),
        Scenario("s10", "idle", "idle keep-alive connections: memory of each"),
        Scenario("s12", "start", "start to first proxied request"),
    )
}


@dataclass(frozen=True)
class WrkResult:
    """What one wrk run saw; latencies in microseconds."""

    requests: int
    micros: int
    bytes: int
    status: int
    connect: int
    read: int
    write: int
    timeout: int
    p50: int
    p90: int
    p99: int
    max: int

    @property
    def errors(self):
        """Answers that were not 2xx/3xx, and connections that failed, broke or timed out."""
        return self.status + self.connect + self.read + self.write + self.timeout


def wrk(scenario, port, seconds, cores):
    """One wrk run against a loopback port, held on the given cores."""
    command = wrk_command(scenario, port, seconds, cores)
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    return wrk_result(done.stdout, done.stderr)


def wrk_command(scenario, port, seconds, cores=()):
    """The command line of a wrk run; without cores it is not held on any."""
    threads = min(scenario.connections, max(1, len(cores) // 2))
    command = ["taskset", "-c", ",".join(map(str, sorted(cores)))] if cores else []
    command += ["wrk", f"-t{threads}", f"-c{scenario.connections}", f"-d{seconds}s"]
    command += ["--timeout", "10s", "-s", str(REPORT_SCRIPT)]
    for header in scenario.headers:
        command += ["-H", header]
    return [*command, f"http://127.0.0.1:{port}{scenario.path}"]


def wrk_result(output, complaints=""):
    """The figures in what a wrk run printed."""
    match = re.search(r"^figures (.*)$", output, re.MULTILINE)
    if not match:
        raise Trouble(f"wrk gave no figures: {(output + complaints).strip()}")
    return WrkResult(**{key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", match[1])})


@dataclass(frozen=True)
class Round:
    """One contestant's part of one round."""

    requests: int
    seconds: float  # duration of the load
    cpu_seconds: float  # user and system time of the proxy's processes
    core_seconds: float  # busy time of the proxy's cores, whoever used them
    errors: int
    p50_micros: int
    p99_micros: int

    @property
    def per_second(self):
        return self.requests / self.seconds

    @property
    def per_cpu_second(self):
        return self.requests / self.cpu_seconds if self.cpu_seconds else 0.0


def measure(scenario, port, pid, seconds, load_cores, proxy_cores):
    """One wrk run against a port, with the processor time it cost the process tree behind it."""
    cpu, core = processes.cpu_seconds(pid), processes.busy_seconds(proxy_cores)
    result = wrk(scenario, port, seconds, load_cores)
    cpu = processes.cpu_seconds(pid) - cpu
    core = processes.busy_seconds(proxy_cores) - core
    micros = result.micros / 1e6
    return Round(result.requests, micros, cpu, core, result.errors, result.p50, result.p99)


class IdleConnections:
    """Keep-alive connections that have each been answered one request and then stay silent."""

    def __init__(self, port, count):
        self._sockets = []
        self._port = port
        self._count = count

    def __enter__(self):
        request = b"GET /200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        try:
            for _ in range(self._count):
                connection = socket.create_connection(("127.0.0.1", self._port), timeout=10)
                self._sockets.append(connection)
                connection.sendall(request)
                _read_answer(connection)
        except OSError as refused:
            self.__exit__()
            raise Trouble(f"idle connection {len(self._sockets)}: {refused}") from refused
        return self

    def __exit__(self, *_):
        for connection in self._sockets:
            connection.close()

    def closed(self):
        """How many of them the proxy has closed meanwhile."""
        poll = select.poll()
        for connection in self._sockets:
            poll.register(connection, select.POLLIN)
        return len(poll.poll(0))


def _read_answer(connection):
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, rest = got.partition(b"\r\n\r\n")
    match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    if not head.startswith(b"HTTP/1.1 200 ") or not match:
        raise Trouble(f"idle connection: expected 200 with Content-Length, got {head[:80]!r}")
    missing = int(match[1]) - len(rest)
    while missing > 0:
        missing -= len(_more(connection))


def _more(connection):
    got = connection.recv(4096)
    if not got:
        raise Trouble("idle connection: closed by the proxy before its answer was complete")
    return got
