"""Processes under measurement: starting them on given cores, reading what they use, ending them.

Everything here reads /proc, so it works on Linux only.
"""

import contextlib
import ctypes
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
COMPILERS = ("C1 Compiler", "C2 Compiler")  # threads of a JVM
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1

# ptrace(2), and waitpid(2) for threads
_SEIZE, _INTERRUPT, _DETACH = 0x4206, 0x4207, 17
_WALL = 0x40000000


class Trouble(Exception):
    """Something that ends the run; its text is shown to the user without a stack trace."""


class Workshop:
    """The temporary directory and the processes of one run; leaving it ends and removes all."""

    def __init__(self, name, keep_logs=False):
        self.dir = Path(tempfile.mkdtemp(prefix=f"weir-{name}-"))
        self.dir.chmod(0o755)
        self._keep_logs = keep_logs
        self._running = []

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _exit_on_signal)
        return self

    def __exit__(self, *_):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(self._running[:]):
            self.end(process)
        if self._keep_logs:
            print(f"logs and configuration files kept in {self.dir}")
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def start(self, name, command, cores=None, env=None, cwd=None):
        """Starts a command in a session of its own, its output going to NAME.log."""

        def prepare():
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if cores:
                os.sched_setaffinity(0, cores)

        log = self.dir / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                start_new_session=True,
                preexec_fn=prepare,
            )
        process.log = log
        self._running.append(process)
        return process

    def end(self, process):
        """Ends a process started here with its descendants: politely, by force after 5 s."""
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                pass
        for pid in _processes():
            fields = _stat(pid)
            if fields and int(fields[3]) == process.pid:  # the session that start() opened
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        process.wait()
        if process in self._running:
            self._running.remove(process)


def run(command):
    """Runs a command to its end."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise Trouble(f"{words[0]} failed: {done.stderr.strip()}")


def _exit_on_signal(number, _frame):
    raise SystemExit(128 + number)


def descendants(pid):
    """The ids of a living process and of all processes below it; empty when it is gone."""
    children = {}
    for one in _processes():
        fields = _stat(one)
        if fields:
            children.setdefault(int(fields[1]), []).append(one)
    found, waiting = [], [pid] if _stat(pid) else []
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += children.get(current, [])
    return found


def _processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _stat(pid):
    """The fields of /proc/PID/stat from the state on, None when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def cpu_seconds(pid):
    """User and system time of a process tree so far, with that of children already waited for."""
    ticks = 0
    for one in descendants(pid):
        fields = _stat(one)
        if fields:
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_PER_SECOND


def thread_seconds(pid, *names):
    """User and system time so far of those threads of a process whose names begin so."""
    ticks = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            head, _, fields = (task / "stat").read_text().rpartition(") ")
        except OSError:
            continue
        if head.partition("(")[2].startswith(names):
            ticks += sum(int(field) for field in fields.split()[11:13])
    return ticks / TICKS_PER_SECOND


def busy_seconds(cores):
    """The time for which the given cores have been busy with anything since the machine started."""
    ticks = 0
    for line in Path("/proc/stat").read_text().splitlines():
        match = re.match(r"cpu(\d+) (.*)", line)
        if match and int(match[1]) in cores:
            user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, match[2].split()[:8])
            ticks += user + nice + system + irq + softirq + steal
    return ticks / TICKS_PER_SECOND


class Strangers:
    """What processes that do not belong to this run take of some cores, from now on."""

    def __init__(self, cores):
        self._cores = cores
        self._begin = self._now()

    def _now(self):
        return time.monotonic(), busy_seconds(self._cores), cpu_seconds(os.getpid())

    def share(self):
        """The part of the cores' time so far; a run of more than a few per cent is disturbed."""
        seconds, busy, own = (now - then for now, then in zip(self._now(), self._begin))
        return max(0.0, busy - own) / (seconds * len(self._cores))


def resident_bytes(pid):
    """Resident memory of a process tree; pages shared between its processes count once for each."""
    total = 0
    for one in descendants(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE_BYTES
        except OSError:
            pass
    return total


def open_files(pid):
    """The number of open file descriptors of a process tree."""
    total = 0
    for one in descendants(pid):
        try:
            total += len(os.listdir(f"/proc/{one}/fd"))
        except OSError:
            pass
    return total


def _trace(request, thread):
    arguments = [ctypes.c_long(request), ctypes.c_int(thread), ctypes.c_void_p(), ctypes.c_void_p()]
    if _LIBC.ptrace(*arguments):
        raise Trouble(f"ptrace({request:#x}) of thread {thread} was refused")


@contextlib.contextmanager
def stopped(thread):
    """One thread of a process stands still, as if the machine gave it no time; the others run."""
    _trace(_SEIZE, thread)
    _trace(_INTERRUPT, thread)
    os.waitpid(thread, _WALL)
    try:
        yield
    finally:
        _trace(_DETACH, thread)


def java_pid(pid):
    """The first JVM in a process tree, None when there is none."""
    for one in descendants(pid):
        try:
            if Path(os.readlink(f"/proc/{one}/exe")).name == "java":
                return one
        except OSError:
            pass
    return None


def jcmd(pid, *words):
    """Runs a diagnostic command in a JVM with the jcmd of its own JDK; returns what it printed."""
    tool = Path(os.readlink(f"/proc/{pid}/exe")).with_name("jcmd")
    if not tool.exists():
        raise Trouble(f"{tool} is missing: the JVM {pid} does not run from a full JDK")
    done = subprocess.run([tool, str(pid), *words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise Trouble(f"jcmd {pid} {' '.join(words)} failed: {(done.stdout + done.stderr).strip()}")
    return done.stdout


def heap_used_bytes(pid):
    """Used Java heap according to jcmd GC.heap_info, whatever the collector."""
    factor = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    used = 0
    for line in jcmd(pid, "GC.heap_info").splitlines():
        if re.match(r"\s*(Metaspace|class space)", line):
            continue
        match = re.search(r"\bused (\d+)([KMG])", line)
        if match:
            used += int(match[1]) * factor[match[2]]
    return used


def heap_live_bytes(pid):
    """Bytes of all objects that a collection leaves, counted by the collection itself."""
    match = re.search(r"^Total\s+\d+\s+(\d+)", jcmd(pid, "GC.class_histogram"), re.MULTILINE)
    if not match:
        raise Trouble(f"jcmd {pid} GC.class_histogram told no total")
    return int(match[1])


def native_other_bytes(pid):
    """Direct buffers of a JVM: the part "Other" of its native memory, None when not tracked."""
    match = re.search(r"Other \(reserved=\d+KB, committed=(\d+)KB\)", jcmd(pid, "VM.native_memory"))
    return int(match[1]) << 10 if match else None


def raise_file_limit():
    """Raises the limit of open files as far as allowed, for children too; returns it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in (max(hard, 65536), hard):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
            return limit
        except (ValueError, OSError):
            continue
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


GIVEN_PORTS = set()


def free_port():
    """A loopback port nobody listens on, outside the range the kernel picks client ports from.

    No port is given twice, because those that were given may not be listened on yet.
    """
    first, last = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    ports = [port for port in range(10000, 60000) if port not in GIVEN_PORTS]
    choice = [port for port in ports if not first <= port <= last]
    for port in random.sample(choice or ports, 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                GIVEN_PORTS.add(port)
                return port
            except OSError:
                continue
    raise Trouble("found no free port on 127.0.0.1")


def wait_for(condition, seconds, process=None, what="the condition", pause=0.02):
    """Waits until condition() is true; trouble after the given time or when the process ended."""
    deadline = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            raise Trouble(f"{what}: the process ended with {process.returncode}{_tail(process)}")
        if time.monotonic() > deadline:
            raise Trouble(f"{what}: not within {seconds} s{_tail(process) if process else ''}")
        time.sleep(pause)


def _tail(process):
    lines = process.log.read_text(errors="replace").splitlines()[-5:]
    return "".join(f"\n    {line}" for line in lines)
