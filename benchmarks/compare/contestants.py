"""The contestants: how each proxy, and the node behind them, is configured and started."""

import http.client
import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import processes
from processes import Trouble

REPOSITORY = Path(__file__).resolve().parents[2]
BODY_SIZES = {"200": 200, "1k": 1024, "10k": 10 * 1024, "100k": 100 * 1024}
MAX_CONNECTIONS = 15000
LONG = "600s"

NGINX_GLOBAL = """
daemon off;
worker_processes {workers};
worker_rlimit_nofile {files};
{user}
pid {dir}/{name}.pid;
error_log {dir}/{name}.error.log warn;
events {{ worker_connections {files}; }}
http {{
    access_log off;
    server_tokens off;
    default_type text/plain;
    client_body_temp_path {dir}/{name}.client;
    proxy_temp_path {dir}/{name}.proxy;
    fastcgi_temp_path {dir}/{name}.fastcgi;
    uwsgi_temp_path {dir}/{name}.uwsgi;
    scgi_temp_path {dir}/{name}.scgi;
    keepalive_timeout {long};
    keepalive_requests 1000000000;
    {inner}
}}
"""

# One segment per answer: cork joins the head with the file's first bytes.
NGINX_NODE = """
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {dir}/bodies;
        {returns}
    }}
"""

# Tuned for these scenarios: passing bodies on as they come, with large reads, is what NGINX is
# fastest with; the default buffers halve its 100 KB figure. No log is written, no header added.
NGINX_PROXY = """
    proxy_buffering off;
    proxy_buffer_size 64k;
    proxy_buffers 4 64k;
    upstream pool {{
        server 127.0.0.1:{node};
        keepalive 256;
        keepalive_requests 1000000000;
        keepalive_timeout {long};
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://pool;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
"""

# "always" halves the cost of a new client connection's first request; the node is trusted here.
HAPROXY = """
global
    nbthread 1
    maxconn {connections}
    no strict-limits
defaults
    mode http
    option http-keep-alive
    timeout connect 5s
    timeout client {long}
    timeout server {long}
    timeout http-keep-alive {long}
frontend clients
    bind 127.0.0.1:{port} backlog 4096
    default_backend pool
backend pool
    http-reuse always
    server node 127.0.0.1:{node}
"""


def body(size):
    """The body of the given size; every contestant has to deliver exactly this."""
    line = b"The quick brown fox jumps over the lazy dog. 0123456789 abcdef\n"
    return (line * (size // len(line) + 1))[:size]


class Contestant:
    """One proxy: knows how to start itself on a port, in front of a node's port."""

    def __init__(self, name, command_for, version=None, problem=None):
        self.name = name
        self.version = version
        self.problem = problem  # one line saying why it cannot run, None when it can
        self.command_for = command_for
        self.process = None
        self.port = None
        self.is_java = False

    def start(self, workshop, cores, node_port, java_options="", patience=120):
        """Starts a process and waits for its first answer through it; returns the ms taken."""
        self.port = processes.free_port()
        instance = f"{self.name}-{self.port}"
        run_dir = workshop.dir / f"{instance}.run"
        run_dir.mkdir(mode=0o700)
        options = ["-XX:ActiveProcessorCount=1", java_options, os.environ.get("WEIR_JAVA_OPTS", "")]
        env = {"WEIR_JAVA_OPTS": " ".join(filter(None, options)), "WEIR_RUN_DIR": str(run_dir)}
        env["WEIR_STATE_DIR"] = str(run_dir / "state")
        command = self.command_for(workshop.dir, instance, self.port, node_port)
        begin = time.monotonic()
        self.process = workshop.start(instance, command, cores, env, REPOSITORY)
        processes.wait_for(
            lambda: answers(self.port),
            patience,
            self.process,
            f"{self.name}: first answer",
            pause=0.001,
        )
        took = (time.monotonic() - begin) * 1000
        self.is_java = processes.java_pid(self.process.pid) is not None
        return took

    def stop(self, workshop):
        workshop.end(self.process)
        self.process = None


def answers(port):
    """Whether a GET through the port is answered with 200."""
    try:
        return fetch(port, "/200")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def fetch(port, path):
    """Status and body of one GET on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def check_bodies(name, port):
    """Trouble unless all bodies arrive through the port with status 200, byte for byte."""
    for word, size in BODY_SIZES.items():
        status, got = fetch(port, f"/{word}")
        if status != 200 or got != body(size):
            raise Trouble(
                f"{name}: GET /{word} gave status {status} and {len(got)} bytes,"
                f" expected 200 and the node's {size} bytes"
            )


def start_node(workshop, cores):
    """Starts the NGINX node that all contestants share; returns its process and port."""
    port = processes.free_port()
    bodies = workshop.dir / "bodies"
    bodies.mkdir()
    returns = ""
    for word, size in BODY_SIZES.items():
        if size <= 1024:  # NGINX takes no longer words in its configuration
            text = body(size).decode().replace("\n", "\\n")
            returns += f'location = /{word} {{ return 200 "{text}"; }}\n        '
        else:
            (bodies / word).write_bytes(body(size))
    inner = NGINX_NODE.format(port=port, dir=workshop.dir, returns=returns)
    workers = max(1, len(cores) // 2)
    process = workshop.start("node", _nginx(workshop.dir, "node", inner, workers), cores)
    processes.wait_for(lambda: answers(port), 10, process, "node: first answer")
    check_bodies("node", port)
    return process, port


def _nginx(directory, name, inner, workers=1):
    file = directory / f"{name}.conf"
    file.write_text(
        NGINX_GLOBAL.format(
            dir=directory,
            name=name,
            inner=inner,
            workers=workers,
            files=min(MAX_CONNECTIONS, processes.raise_file_limit()),
            user="user root;" if os.geteuid() == 0 else "",
            long=LONG,
        )
    )
    errors = directory / f"{name}.error.log"
    return ["nginx", "-p", str(directory), "-e", str(errors), "-c", str(file)]


def nginx():
    def command(directory, name, port, node):
        return _nginx(directory, name, NGINX_PROXY.format(port=port, node=node, long=LONG))

    return Contestant("nginx", command, _version("nginx", "-v"), missing("nginx"))


def haproxy():
    def command(directory, name, port, node):
        file = directory / f"{name}.cfg"
        file.write_text(
            HAPROXY.format(port=port, node=node, connections=MAX_CONNECTIONS, long=LONG)
        )
        return ["haproxy", "-db", "-f", str(file)]

    return Contestant("haproxy", command, _version("haproxy", "-v"), missing("haproxy"))


def weir():
    line = "./weir proxy 127.0.0.1:{listen} 127.0.0.1:{node}"
    version, problem = weir_version(REPOSITORY / "weir")
    return _from_line("weir", line, version, problem)


def weir_version(launcher):
    """What `weir version` prints, and one line saying why Weir cannot run, None when it can."""
    if not os.access(launcher, os.X_OK):
        return None, f"weir: there is no launcher {launcher}"
    # The first call in a checkout builds, which takes its time.
    done = subprocess.run([launcher, "version"], capture_output=True, text=True, timeout=900)
    lines = (done.stdout.strip() or done.stderr.strip() or "no output").splitlines()
    if done.returncode != 0:
        return None, f"weir: `weir version` ended with {done.returncode}: {lines[-1]}"
    return lines[0], None


def further(text):
    """A proxy given on the command line as NAME='command with {listen} and {node}'."""
    name, equals, line = text.partition("=")
    if not equals or not name or "{listen}" not in line or "{node}" not in line:
        raise Trouble(f"--proxy {text!r}: expected NAME='command with {{listen}} and {{node}}'")
    program = shlex.split(line)[0]
    found = shutil.which(str(REPOSITORY / program) if os.sep in program else program)
    return _from_line(name, line, None, None if found else f"{name}: there is no command {program}")


def _from_line(name, line, version, problem):
    def command(_directory, _name, port, node):
        return [
            word.replace("{listen}", str(port)).replace("{node}", str(node))
            for word in shlex.split(line)
        ]

    return Contestant(name, command, version, problem)


def missing(program):
    """One line saying how to get a program that is not installed, None when it is."""
    if shutil.which(program):
        return None
    return f"{program} is not installed (Debian: apt-get install {program})"


def _version(*command):
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    return ((done.stdout + done.stderr).strip().splitlines() or [None])[0]
