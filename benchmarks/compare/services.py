"""What the proxies are asked to do: the services, the nodes behind them, and the certificates."""

import gzip
import http.client
import random
import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import processes
from processes import Trouble

BODY_SIZES = {"200": 200, "1k": 1024, "10k": 10 * 1024, "100k": 100 * 1024, "1m": 1 << 20}
STORM_SOURCE = Path(__file__).with_name("storm.c")
KEYS = {
    "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    "rsa": ["-newkey", "rsa:2048"],
}


@dataclass(frozen=True)
class Service:
    """One way to be a proxy; each contestant runs one process for each."""

    name: str
    key: "str | None" = None  # of the certificate; None for a service without TLS
    tcp: bool = False  # bytes are passed on as they are
    echo: bool = False  # behind it is not the HTTP node but one that sends back what it gets
    large_buffers: bool = False  # the peers get buffers for bulk instead of those they come with
    cache_mb: int = 0  # answers below /kept/ are stored, in so many MB of memory; 0 for no cache
    cache_objects: int = 100_000  # as many as that memory holds
    rule: bool = False  # a rule looks at a header field, chooses a pool and sets another field
    open_files: int = 10_000  # that a cache in files may keep open, those it has removed as well
    classes: bool = False  # Weir has classes and admission that never have to do anything
    gzip: str = ""  # how answers are compressed, "level1" or "fast"; empty for not at all

    def connect(self, site, port):
        """A connection through a port, with TLS where the service has it, and checked."""
        plain = socket.create_connection(("127.0.0.1", port), timeout=10)
        # Else the kernel may hold back a request until the end of the handshake is acknowledged.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self.key:
            return plain
        try:
            return site.trust(self.key).wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise


SERVICES = {
    service.name: service
    for service in (
        Service("http"),
        Service("tls-ec", key="ec"),
        Service("tls-rsa", key="rsa"),
        Service("tcp", tcp=True, large_buffers=True),
        Service("tcp-default", tcp=True),
        Service("echo", tcp=True, echo=True),
        Service("cache", cache_mb=64),
        Service("classes", classes=True),
        Service("rule", rule=True),
        Service("gzip", gzip="level1"),
        Service("gzip-fast", gzip="fast"),
    )
}


def page(size):
    """A page of markup and records as applications make them, the same in every run."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9)))
             for _ in range(600)]
    parts = []
    length = 0
    while length < size:
        text = " ".join(chance.choices(words, k=chance.randint(4, 12)))
        number = chance.randint(1, 99999)
        part = chance.choice((
            f'<li class="item" id="n{number}"><a href="/item/{number}">{text}</a></li>\n',
            f'{{"id": {number}, "name": "{text}", "price": {number / 100:.2f}, "stock": true}},\n',
            f"<p>{text.capitalize()}.</p>\n",
        )).encode()
        parts.append(part)
        length += len(part)
    return b"".join(parts)[:size]


def body(size):
    """The body of the given size; every contestant has to deliver exactly this."""
    line = b"The quick brown fox jumps over the lazy dog. 0123456789 abcdef\n"
    return (line * (size // len(line) + 1))[:size]


class Site:
    """The nodes and certificates that all contestants of a run share, made when first needed."""

    def __init__(self, workshop, cores):
        self.workshop = workshop
        self.cores = cores
        self.node = self.node_port = None
        self.gold_port = None  # where the same node is the one that s8's rule chooses
        self._echo_port = None
        self._trust = {}
        self._storm = None

    def start_node(self, command_for):
        """Starts the HTTP node; command_for(port, gold, returns) gives its command line."""
        bodies = self.workshop.dir / "bodies"
        bodies.mkdir()
        returns = ""
        for word, size in BODY_SIZES.items():
            if size <= 1024:  # NGINX takes no longer words in its configuration
                text = body(size).decode().replace("\n", "\\n")
                returns += f'location = /{word} {{ return 200 "{text}"; }}\n        '
            else:
                (bodies / word).write_bytes(body(size))
        (bodies / "page").write_bytes(page(50 * 1024))
        (bodies / "kept").mkdir()
        for word in ("1k", "100k"):
            (bodies / "kept" / word).write_bytes(body(BODY_SIZES[word]))
        self.node_port = port = processes.free_port()
        self.gold_port = processes.free_port()
        command = command_for(port, self.gold_port, returns)
        self.node = self.workshop.start("node", command, self.cores)
        plain = SERVICES["http"]
        processes.wait_for(
            lambda: self.answers(plain, port), 10, self.node, "node: first answer"
        )
        self.check("node", plain, port)

    def port_behind(self, service):
        """The port of the node that belongs behind a service."""
        if not service.echo:
            return self.node_port
        if self._echo_port is None:
            port = processes.free_port()
            process = self.workshop.start("echo", [self.storm(), "node", str(port)], self.cores)
            processes.wait_for(
                lambda: self.answers(service, port), 10, process, "echo node: first answer"
            )
            self._echo_port = port
        return self._echo_port

    def answers(self, service, port):
        """Whether a first exchange through the port succeeds."""
        try:
            if service.echo:
                return self._echoes(port, b"echo?")
            return self.fetch(service, port, "/200")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def fetch(self, service, port, path):
        """Status and body of one GET on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.sock = service.connect(self, port)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def check(self, name, service, port):
        """Trouble unless all bodies arrive through the port, byte for byte."""
        if service.echo:
            if not self._echoes(port, body(100_000)):
                raise Trouble(f"{name}: 100 000 bytes did not come back as they were sent")
            return
        for word, size in BODY_SIZES.items():
            status, got = self.fetch(service, port, f"/{word}")
            if status != 200 or got != body(size):
                raise Trouble(
                    f"{name}: GET /{word} gave status {status} and {len(got)} bytes,"
                    f" expected 200 and the node's {size} bytes"
                )

    def check_rule(self, name, port):
        """Trouble unless the rule of s8 chooses the node and says so."""
        for headers, at, word in (({"X-Tenant": "gold"}, self.gold_port, "gold"), ({}, self.node_port, "")):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/which", headers={"Host": "localhost", **headers})
                got = connection.getresponse().read().decode()
            finally:
                connection.close()
            node, _, chosen = got.partition(" ")
            if node != str(at) or not chosen or word and chosen != word:
                raise Trouble(f"{name}: {headers or 'no header'} led to {got!r}, expected {at} {word}")

    def compressed(self, name, service, port):
        """Bytes of the page as it is sent to clients that take gzip; trouble unless it is right."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            headers = {"Host": "localhost", "Accept-Encoding": "gzip"}
            connection.request("GET", "/page", headers=headers)
            response = connection.getresponse()
            sent = response.read()
            coding = response.headers["Content-Encoding"]
        finally:
            connection.close()
        if coding != "gzip" or gzip.decompress(sent) != page(50 * 1024):
            raise Trouble(f"{name}: GET /page gave coding {coding} and another page, expected gzip")
        return len(sent)

    @staticmethod
    def _echoes(port, content):
        got = b""
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            for start in range(0, len(content), 8192):
                piece = content[start : start + 8192]
                connection.sendall(piece)
                while len(got) < start + len(piece):
                    more = connection.recv(65536)
                    if not more:
                        return False
                    got += more
        return got == content

    def certificate(self, key):
        """Files with a certificate for localhost, its key, and both together."""
        files = [self.workshop.dir / f"{key}.{end}" for end in ("crt", "key", "pem")]
        certificate, private, joined = files
        if not joined.exists():
            command = ["openssl", "req", "-x509", *KEYS[key], "-noenc", "-days", "2"]
            command += ["-subj", "/CN=localhost", "-keyout", str(private), "-out", str(certificate)]
            command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            if done.returncode != 0:
                raise Trouble(f"openssl made no certificate: {done.stderr.strip()}")
            joined.touch(mode=0o600)
            joined.write_text(certificate.read_text() + private.read_text())
        return files

    def trust(self, key):
        """A context for clients that trust the certificate and nothing else."""
        if key not in self._trust:
            self._trust[key] = ssl.create_default_context(cafile=self.certificate(key)[0])
        return self._trust[key]

    def storm(self):
        """The load generator of storm.c, compiled into the temporary directory."""
        if not self._storm:
            self._storm = build_storm(self.workshop.dir)
        return self._storm


def build_storm(directory):
    program = directory / "storm"
    command = ["gcc", "-O2", "-D_GNU_SOURCE", "-o", str(program), str(STORM_SOURCE)]
    command += ["-lssl", "-lcrypto"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise Trouble(f"gcc could not build storm.c: {done.stderr.strip()}")
    return str(program)


def missing_for_storm():
    """One line saying what storm.c lacks to be built, None when nothing."""
    if not shutil.which("gcc"):
        return "gcc is not installed (Debian: apt-get install gcc libssl-dev)"
    if not Path("/usr/include/openssl/ssl.h").exists():
        return "OpenSSL's headers are not installed (Debian: apt-get install libssl-dev)"
    return None
