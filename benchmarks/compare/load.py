"""The load: runs of wrk, h2load and storm, idle connections, and the table of scenarios."""

import re
import select
import subprocess
from dataclasses import dataclass
from pathlib import Path

import processes
from processes import Trouble
from services import SERVICES

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
    service: str = "http"
    tool: str = "wrk"  # or "h2load", or what storm is to do: "full", "resumed", "echo"
    asked: tuple = ()  # of Weir: pairs of a peer and the least ratio to it
    asked_above: str = ""  # of Weir: the scenario that this one has to be faster than
    asked_bytes: int = 0  # of Weir: the most memory of a connection, after a collection


def both(ratio):
    """As much is asked against each of the two peers that do everything."""
    return ("haproxy", ratio), ("nginx", ratio)


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("s1-200", "load", "GET 200 B, 64 keep-alive connections", "/200"),
        Scenario(
            "s1-200-classes",
            "load",
            "GET 200 B; Weir with protection, rate, bandwidth class and admission, all idle",
            "/200",
            service="classes",
        ),
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
        Scenario(
            "s3",
            "load",
            "TLS 1.3, GET 1 KB, 64 keep-alive connections",
            "/1k",
            service="tls-ec",
            asked=both(1.1),
        ),
        Scenario(
            "s4-ec",
            "load",
            "TLS 1.3, a full handshake for each GET of 200 B, ECDSA P-256",
            service="tls-ec",
            tool="full",
            asked=both(1.05),
        ),
        Scenario(
            "s4-resumed",
            "load",
            "TLS 1.3, a resumed handshake for each GET of 200 B, ECDSA P-256",
            service="tls-ec",
            tool="resumed",
            asked_above="s4-ec",
        ),
        Scenario(
            "s5",
            "load",
            "HTTP/2 over TLS, 10 connections x 32 streams, GET 1 KB, HTTP/1.1 to the node",
            "/1k",
            connections=10,
            service="tls-ec",
            tool="h2load",
            asked=(("haproxy", 1.0), ("nginx", 1.4)),
        ),
        Scenario(
            "s4-rsa",
            "load",
            "TLS 1.3, a full handshake for each GET of 200 B, RSA-2048",
            service="tls-rsa",
            tool="full",
            asked=both(1.05),
        ),
        Scenario(
            "s6-1k", "load", "cache: GET 1 KB that is stored, 64 connections", "/kept/1k",
            service="cache",
        ),
        Scenario(
            "s6-100k", "load", "cache: GET 100 KB that is stored, 64 connections", "/kept/100k",
            service="cache",
        ),
        Scenario(
            "s7",
            "load",
            "gzip at level 1: GET 50 KB of markup, 64 connections",
            "/page",
            headers=("Accept-Encoding: gzip",),
            service="gzip",
        ),
        Scenario(
            "s7-fast",
            "load",
            "the same with Weir's one-pass gzip",
            "/page",
            headers=("Accept-Encoding: gzip",),
            service="gzip-fast",
        ),
        Scenario(
            "s8",
            "load",
            "GET 200 B; a rule looks at a header field, chooses a pool and sets another field",
            "/200",
            headers=("X-Tenant: gold",),
            service="rule",
        ),
        Scenario(
            "s9-echo",
            "load",
            "TCP: 64 bytes to the node and back, 64 connections",
            service="echo",
            tool="echo",
            asked=both(1.0),
        ),
        Scenario(
            "s9-1m",
            "load",
            "TCP: download of 1 MB, 64 connections, peers with buffers of 256 KB",
            "/1m",
            service="tcp",
        ),
        Scenario(
            "s9-1m-default",
            "load",
            "TCP: download of 1 MB, 64 connections, peers with their default buffers",
            "/1m",
            service="tcp-default",
            asked=(("haproxy", 2.0), ("nginx", 1.2)),
        ),
        Scenario("s10", "idle", "idle keep-alive connections: memory of each"),
        Scenario(
            "s10-tls",
            "idle",
            "idle keep-alive TLS connections: memory of each",
            service="tls-ec",
            asked_bytes=16 * 1024,
        ),
        Scenario("s12", "start", "start to first proxied request"),
    )
}


@dataclass(frozen=True)
class Result:
    """What one run of a load generator saw; latencies in microseconds, where it tells them."""

    requests: int
    micros: int
    bytes: int
    status: int
    connect: int = 0
    read: int = 0
    write: int = 0
    timeout: int = 0
    unfit: int = 0  # handshakes that were resumed, or not, against the order
    p50: "int | None" = None
    p90: "int | None" = None
    p95: "int | None" = None
    p99: "int | None" = None
    max: "int | None" = None

    @property
    def errors(self):
        """Answers that were not 2xx/3xx, and connections that failed, broke or timed out."""
        return self.status + self.connect + self.read + self.write + self.timeout + self.unfit

    @property
    def per_second(self):
        return self.requests / (self.micros / 1e6)


def run(scenario, port, seconds, cores, storm=None):
    """One run of a scenario's load against a loopback port, held on the given cores."""
    if scenario.tool == "wrk":
        command, read = wrk_command(scenario, port, seconds, cores), figures_result
    elif scenario.tool == "h2load":
        command, read = h2load_command(scenario, port, seconds), h2load_result
    else:
        command, read = storm_command(storm, scenario, port, seconds), figures_result
    done = subprocess.run(
        held_on(cores, command), capture_output=True, text=True, timeout=seconds + 120
    )
    return read(done.stdout, done.stderr)


def held_on(cores, command):
    return ["taskset", "-c", ",".join(map(str, sorted(cores))), *command] if cores else command


def wrk_command(scenario, port, seconds, cores=()):
    """The command line of a wrk run, with threads for the given cores."""
    threads = min(scenario.connections, max(1, len(cores) // 2))
    command = ["wrk", f"-t{threads}", f"-c{scenario.connections}", f"-d{seconds}s"]
    command += ["--timeout", "10s", "-s", str(REPORT_SCRIPT)]
    for header in scenario.headers:
        command += ["-H", header]
    scheme = "https" if SERVICES[scenario.service].key else "http"
    return [*command, f"{scheme}://127.0.0.1:{port}{scenario.path}"]


def h2load_command(scenario, port, seconds):
    command = ["h2load", "-t1", f"-c{scenario.connections}", "-m32", f"-D{seconds}"]
    return [*command, f"https://127.0.0.1:{port}{scenario.path}"]


def storm_command(storm, scenario, port, seconds):
    command = [storm, scenario.tool, str(port), str(scenario.connections), str(seconds)]
    return command if scenario.tool == "echo" else [*command, scenario.path]


def figures_result(output, complaints=""):
    """The figures in what wrk or storm printed."""
    match = re.search(r"^figures (.*)$", output, re.MULTILINE)
    if not match:
        raise Trouble(f"the load generator gave no figures: {(output + complaints).strip()}")
    return Result(**{key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", match[1])})


def h2load_result(output, complaints=""):
    """The figures in what h2load printed; it tells no percentiles."""
    rate = re.search(r"^finished in ([\d.]+)s, ([\d.]+) req/s", output, re.MULTILINE)
    counts = re.search(
        r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", output
    )
    answers = re.search(r"^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", output, re.M)
    traffic = re.search(r"^traffic: .*\((\d+)\) total", output, re.MULTILINE)
    if not (rate and counts and answers and traffic):
        raise Trouble(f"h2load gave no figures: {(output + complaints).strip()}")
    if "Application protocol: h2\n" not in output:
        raise Trouble("h2load did not get HTTP/2 from the proxy")
    good = int(answers[1])
    done, _succeeded, failed = (int(counts[part]) for part in (1, 2, 3))
    wrong = int(answers[3]) + int(answers[4])
    return Result(
        requests=good,
        micros=int(float(rate[1]) * 1e6),
        bytes=int(traffic[1]),
        status=max(wrong, done - good),
        read=failed,
    )


@dataclass(frozen=True)
class Round:
    """One contestant's part of one round."""

    requests: int
    seconds: float  # duration of the load
    cpu_seconds: float  # user and system time of the proxy's processes
    core_seconds: float  # busy time of the proxy's cores, whoever used them
    errors: int
    p50_micros: "int | None"
    p99_micros: "int | None"

    @property
    def per_second(self):
        return self.requests / self.seconds

    @property
    def per_cpu_second(self):
        return self.requests / self.cpu_seconds if self.cpu_seconds else 0.0


def measure(scenario, port, pid, seconds, load_cores, proxy_cores, storm=None):
    """One run of load against a port, with the processor time of the process tree behind it."""
    cpu, core = processes.cpu_seconds(pid), processes.busy_seconds(proxy_cores)
    result = run(scenario, port, seconds, load_cores, storm)
    cpu = processes.cpu_seconds(pid) - cpu
    core = processes.busy_seconds(proxy_cores) - core
    micros = result.micros / 1e6
    return Round(result.requests, micros, cpu, core, result.errors, result.p50, result.p99)


class IdleConnections:
    """Keep-alive connections that have each been answered one request and then stay silent."""

    def __init__(self, site, service, port, count):
        self._sockets = []
        self._site = site
        self._service = service
        self._port = port
        self._count = count

    def __enter__(self):
        request = b"GET /200 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        try:
            for _ in range(self._count):
                connection = self._service.connect(self._site, self._port)
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
