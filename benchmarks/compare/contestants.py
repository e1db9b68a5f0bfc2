"""The contestants: how each proxy, and the node behind them, is configured and started."""

import os
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import configurations
import processes
from processes import Trouble
from services import SERVICES

REPOSITORY = Path(__file__).resolve().parents[2]
MAX_CONNECTIONS = 15000
LONG = "600s"
BULK = 256 * 1024  # bytes of a buffer; triples HAProxy's figure for large downloads
NGINX_BUFFER = 16 * 1024
NGINX_KEY = 128  # bytes that a stored answer takes in the zone of keys
NGINX_ZONE_KB = 40  # that the zone needs for itself
MODULES = Path("/usr/lib/nginx/modules")
STREAM_MODULE = MODULES / "ngx_stream_module.so"
LUA_MODULES = (MODULES / "ndk_http_module.so", MODULES / "ngx_http_lua_module.so")
JS_MODULE = MODULES / "ngx_http_js_module.so"


class Contestant:
    """One proxy with one service: knows how to start itself in front of a node."""

    def __init__(self, name, command_for, version=None, problem=None, refuses=None):
        self.name = name
        self.version = version
        self.problem = problem  # one line saying why it cannot run, None when it can
        self.command_for = command_for
        self.refuses = refuses or (lambda service: None)  # why it has not this service, or None
        self.service = SERVICES["http"]
        self.process = None
        self.port = None
        self.is_java = False
        self.rules = True  # whether it runs the rule of a service that has one

    def fresh(self, service):
        """The same contestant for a process of its own, with the given service."""
        other = Contestant(self.name, self.command_for, self.version, self.problem, self.refuses)
        other.service = service
        other.rules = self.rules
        return other

    def start(self, workshop, cores, site, java_options="", patience=120):
        """Starts a process and waits for its first answer through it; returns the ms taken."""
        self.port = processes.free_port()
        instance = f"{self.name}-{self.port}"
        run_dir = workshop.dir / f"{instance}.run"
        run_dir.mkdir(mode=0o700)
        options = ["-XX:ActiveProcessorCount=1", java_options, os.environ.get("WEIR_JAVA_OPTS", "")]
        env = {"WEIR_JAVA_OPTS": " ".join(filter(None, options)), "WEIR_RUN_DIR": str(run_dir)}
        env["WEIR_STATE_DIR"] = str(run_dir / "state")
        command = self.command_for(Place(site, self.service, instance, self.port))
        begin = time.monotonic()
        self.process = workshop.start(instance, command, cores, env, REPOSITORY)
        processes.wait_for(
            lambda: site.answers(self.service, self.port),
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


class Place:
    """Where a contestant is to run: its files, its port, its service, and the node behind it."""

    def __init__(self, site, service, instance, port):
        self.service = service
        self.instance = instance
        self.port = port
        self.dir = site.workshop.dir
        self.node = site.port_behind(service)
        self.gold = site.gold_port
        self.certificate = self.key = self.joined = None
        if service.key:
            self.certificate, self.key, self.joined = site.certificate(service.key)

    def fill(self, template, **more):
        """A template of configurations.py with everything about this place filled in."""
        values = {**vars(self), "long": LONG, "connections": MAX_CONNECTIONS, **more}
        return template.format(**values)

    def write(self, ending, text):
        file = self.dir / f"{self.instance}.{ending}"
        file.write_text(text)
        return str(file)


def start_node(site):
    """Starts the NGINX node that all contestants share."""
    workers = max(1, len(site.cores) // 2)

    def command(port, gold, returns):
        directory = site.workshop.dir
        server = configurations.NGINX_NODE.format(
            port=port, gold=gold, dir=directory, returns=returns
        )
        return _nginx_http(directory, "node", server, workers)

    site.start_node(command)


def _nginx_http(directory, name, server, workers=1, modules=""):
    http = configurations.NGINX_HTTP.format(dir=directory, name=name, inner=server, long=LONG)
    return _nginx(directory, name, http, workers, modules)


def _nginx(directory, name, inner, workers=1, modules=""):
    file = directory / f"{name}.conf"
    file.write_text(
        configurations.NGINX_GLOBAL.format(
            dir=directory,
            name=name,
            inner=inner,
            workers=workers,
            modules=modules,
            files=min(MAX_CONNECTIONS, processes.raise_file_limit()),
            user="user root;" if os.geteuid() == 0 else "",
        )
    )
    errors = directory / f"{name}.error.log"
    return ["nginx", "-p", str(directory), "-e", str(errors), "-c", str(file)]


def nginx():
    def command(place):
        if place.service.tcp:
            buffer = BULK if place.service.large_buffers else NGINX_BUFFER
            stream = place.fill(configurations.NGINX_STREAM, buffer=buffer)
            load = f"load_module {STREAM_MODULE};" if STREAM_MODULE.exists() else ""
            return _nginx(place.dir, place.instance, stream, modules=load)
        tls = place.fill(configurations.NGINX_TLS) if place.service.key else ""
        word = " ssl http2" if place.service.key else ""
        service = place.service
        extra = place.fill(configurations.NGINX_GZIP) if service.gzip else ""
        if service.cache_mb:
            keys = NGINX_ZONE_KB + service.cache_objects * NGINX_KEY // 1024
            extra = place.fill(
                configurations.NGINX_CACHE, cache_mb=service.cache_mb, keys_kb=keys
            )
            if service.open_files:
                extra += place.fill(
                    configurations.NGINX_OPEN_FILES, open_files=service.open_files
                )
        location = "proxy_cache kept;" if service.cache_mb else ""
        modules = ""
        if service.rule:
            modules = "".join(f"load_module {module};" for module in LUA_MODULES)
            extra = place.fill(configurations.NGINX_GOLD) + place.fill(configurations.NGINX_LUA)
            location = place.fill(configurations.NGINX_LUA_RULE)
        server = place.fill(
            configurations.NGINX_PROXY,
            tls=tls,
            tls_word=word,
            buffering="" if service.cache_mb else "proxy_buffering off;",
            extra=extra,
            location=location,
            target="$chosen" if service.rule else "pool",
        )
        return _nginx_http(place.dir, place.instance, server, modules=modules)

    def refuses(service):
        if service.tcp and not STREAM_MODULE.exists() and not _built_in("--with-stream "):
            return "its stream module is not installed (Debian: apt-get install libnginx-mod-stream)"
        if service.rule and not all(module.exists() for module in LUA_MODULES):
            return "its Lua module is not installed (Debian: apt-get install libnginx-mod-http-lua)"
        return None

    return Contestant("nginx", command, version_of("nginx", "-v"), missing("nginx"), refuses)


def nginx_js():
    """NGINX with njs, for the scenario with a rule."""

    def command(place):
        script = place.write("js", configurations.NGINX_JS_SCRIPT)
        server = place.fill(
            configurations.NGINX_PROXY,
            tls="",
            tls_word="",
            buffering="proxy_buffering off;",
            extra=place.fill(configurations.NGINX_GOLD)
            + place.fill(configurations.NGINX_JS, script=script),
            location=configurations.NGINX_JS_RULE,
            target="$chosen",
        )
        modules = f"load_module {JS_MODULE};"
        return _nginx_http(place.dir, place.instance, server, modules=modules)

    def refuses(service):
        if not service.rule:
            return "it takes part in the scenario with a rule alone"
        if not JS_MODULE.exists():
            return "njs is not installed (Debian: apt-get install libnginx-mod-http-js)"
        return None

    return Contestant("nginx-js", command, version_of("nginx", "-v"), missing("nginx"), refuses)


def _built_in(option):
    done = subprocess.run(["nginx", "-V"], capture_output=True, text=True, timeout=10)
    return option in done.stderr + " "


def haproxy():
    def command(place):
        tcp = place.service.tcp
        service = place.service
        large = service.large_buffers
        frontend = configurations.HAPROXY_GZIP if service.gzip else ""
        if service.cache_mb:
            frontend = configurations.HAPROXY_CACHE_USE
        tuning = f"tune.bufsize {BULK}" if large else ""
        if service.rule:
            frontend = configurations.HAPROXY_RULE
            tuning = f"lua-load {place.write('lua', configurations.HAPROXY_SCRIPT)}"
        text = place.fill(
            configurations.HAPROXY,
            frontend=frontend,
            mode="tcp" if tcp else "http",
            tuning=tuning,
            defaults="" if tcp else configurations.HAPROXY_HTTP_DEFAULTS.format(long=LONG),
            pool="" if tcp else "http-reuse always",
            tls=place.fill(configurations.HAPROXY_TLS) if place.service.key else "",
        )
        if service.cache_mb:
            text += place.fill(configurations.HAPROXY_CACHE, cache_mb=service.cache_mb)
        if service.rule:
            text += place.fill(configurations.HAPROXY_GOLD)
        return ["haproxy", "-db", "-f", place.write("cfg", text)]

    return Contestant("haproxy", command, version_of("haproxy", "-v"), missing("haproxy"))


def weir():
    """Weir as it is started by hand: without a file for plain HTTP, with one for the rest."""
    version, problem = weir_version(REPOSITORY / "weir")

    def command(place):
        if place.service.name == "http":
            return ["./weir", "proxy", f"127.0.0.1:{place.port}", f"127.0.0.1:{place.node}"]
        return ["./weir", "run", weir_file(place)]

    return Contestant("weir", command, version, problem)


def weir_plain():
    """Weir without the rule, for the scenario with one: what the rule costs."""
    version, problem = weir_version(REPOSITORY / "weir")

    def command(place):
        return ["./weir", "run", weir_file(place, rule=False)]

    def refuses(service):
        return None if service.rule else "it takes part in the scenario with a rule alone"

    contestant = Contestant("weir-plain", command, version, problem, refuses)
    contestant.rules = False
    return contestant


def weir_file(place, rule=True):
    """Writes a configuration file of Weir for a service; returns its name."""
    tls = place.fill(configurations.WEIR_TLS) if place.service.key else ""
    protocol = "stream" if place.service.tcp else "http"
    service = place.service
    top = extra = ""
    if service.cache_mb:
        top = place.fill(configurations.WEIR_CACHE_SIZE, cache_mb=service.cache_mb)
        extra = configurations.WEIR_CACHE
    if service.classes:
        top = place.fill(configurations.WEIR_CLASSES)
        extra = place.fill(configurations.WEIR_CLASSES_USED)
    if service.rule and rule:
        script = place.write("js", configurations.WEIR_SCRIPT)
        top = place.fill(configurations.WEIR_RULE_TOP, script=script)
        extra = configurations.WEIR_RULE
    if service.gzip:
        fast = "true" if service.gzip == "fast" else "false"
        extra = place.fill(configurations.WEIR_GZIP, fast=fast)
    text = place.fill(configurations.WEIR, protocol=protocol, tls=tls, top=top, extra=extra)
    return place.write("yaml", text)


def train(launcher):
    """Builds Weir if need be, and has it make its cache of faster starts, if it can.

    A start that finds none has it made beside itself, which would be measured too.
    """
    subprocess.run([launcher, "train"], capture_output=True, timeout=900)


def weir_version(launcher):
    """What `weir version` prints, and one line saying why Weir cannot run, None when it can."""
    if not os.access(launcher, os.X_OK):
        return None, f"weir: there is no launcher {launcher}"
    # The first call in a checkout builds, which takes its time.
    train(launcher)
    done = subprocess.run([launcher, "version"], capture_output=True, text=True, timeout=900)
    lines = (done.stdout.strip() or done.stderr.strip() or "no output").splitlines()
    if done.returncode != 0:
        return None, f"weir: `weir version` ended with {done.returncode}: {lines[-1]}"
    return lines[0], None


def further(text):
    """A proxy given on the command line as NAME='command with {listen} and {node}, or {weir}'."""
    name, equals, line = text.partition("=")
    ports = "{listen}" in line and "{node}" in line
    if not equals or not name or not (ports or "{weir}" in line):
        raise Trouble(
            f"--proxy {text!r}: expected NAME='command with {{listen}} and {{node}}, or {{weir}}'"
        )
    program = shlex.split(line)[0]
    found = shutil.which(str(REPOSITORY / program) if os.sep in program else program)

    def command(place):
        known = {"{listen}": place.port, "{node}": place.node}
        if "{weir}" in line:
            known["{weir}"] = weir_file(place)
        words = shlex.split(line)
        for mark, value in known.items():
            words = [word.replace(mark, str(value)) for word in words]
        return words

    def refuses(service):
        if service.name != "http" and "{weir}" not in line:
            return "its command line knows plain HTTP only"
        return None

    return Contestant(
        name, command, None, None if found else f"{name}: there is no command {program}", refuses
    )


def missing(program, package=None):
    """One line saying how to get a program that is not installed, None when it is."""
    if shutil.which(program):
        return None
    return f"{program} is not installed (Debian: apt-get install {package or program})"


def version_of(*command):
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    return ((done.stdout + done.stderr).strip().splitlines() or [None])[0]
