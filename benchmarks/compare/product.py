"""A Weir as it comes, under measurement: started on a configuration, asked by an ordinary client,
and looked at from outside."""

import asyncio
import socket
import time
from pathlib import Path

import contestants
import processes


def add_options(parser):
    """The options that every script of this kind has."""
    parser.add_argument(
        "--weir", type=Path, metavar="COMMAND", help="another one than that of this checkout"
    )
    parser.add_argument(
        "--docs",
        type=Path,
        default=contestants.REPOSITORY / "docs" / "benchmarks",
        metavar="DIR",
        help="where the page goes (default docs/benchmarks)",
    )
    parser.add_argument("--no-docs", action="store_true", help="write no page")
    parser.add_argument("--keep-logs", action="store_true", help="keep configurations and logs")


class Product:
    """`weir run` on a configuration in a directory of its own."""

    def __init__(self, workshop, options, text, ports, flags="", cores=None):
        file = workshop.dir / "weir.yaml"
        file.write_text(text)
        run_dir = workshop.dir / "run"
        run_dir.mkdir(mode=0o700)
        command = options.weir or contestants.REPOSITORY / "weir"
        contestants.train(command)
        self.env = {
            "WEIR_RUN_DIR": str(run_dir),
            "WEIR_STATE_DIR": str(run_dir / "state"),
            "WEIR_JAVA_OPTS": f"-XX:NativeMemoryTracking=summary {flags}",
        }
        self.process = workshop.start("weir", [str(command), "run", str(file)], cores, self.env)
        for port in ports:
            processes.wait_for(lambda p=port: answers(p), 120, self.process, f"port {port}")
        self.pid = processes.java_pid(self.process.pid) or self.process.pid

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return self.process.log.read_text(errors="replace")

    def cpu_seconds(self):
        return processes.cpu_seconds(self.pid)

    def resident_bytes(self):
        return processes.resident_bytes(self.pid)

    def heap_bytes(self):
        """What lives on the heap; garbage made meanwhile is not counted."""
        return processes.heap_live_bytes(self.pid)

    def buffer_bytes(self):
        return processes.native_other_bytes(self.pid) or 0

    def held_bytes(self):
        """Heap after a collection, and buffers."""
        return self.heap_bytes() + self.buffer_bytes()


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Probe:
    """A client like any other: asks on a connection of its own each time, and wants `size` bytes."""

    def __init__(self, port, size, head=b"", path="/"):
        self.port = port
        self.size = size
        self.request = head + (
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        self.times = []
        self.failed = 0
        self.failures = []  # why, of the first few

    async def run(self, per_second, seconds):
        end = time.monotonic() + seconds
        asking = set()
        while time.monotonic() < end:
            task = asyncio.create_task(self.ask())
            asking.add(task)
            task.add_done_callback(asking.discard)
            await asyncio.sleep(1 / per_second)
        if asking:
            await asyncio.wait(asking, timeout=15)
        for _ in asking:
            self.fail("no answer within 15 s of the end")

    async def ask(self):
        begin = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(self.request)
            answer = await reader.read(-1)
            writer.close()
            why = f"{len(answer)} bytes beginning {answer[:40]!r}"
        except OSError as trouble:
            answer = b""
            why = repr(trouble)
        if answer.startswith(b"HTTP/1.1 200 ") and len(answer) > self.size:
            self.times.append(time.monotonic() - begin)
        else:
            self.fail(f"{why} after {1000 * (time.monotonic() - begin):.0f} ms")

    def fail(self, why):
        self.failed += 1
        if len(self.failures) < 5:
            self.failures.append(why)

    def percentile(self, share):
        """In milliseconds; 0 when nothing was answered."""
        times = sorted(self.times)
        return 1000 * times[min(len(times) - 1, int(len(times) * share))] if times else 0.0
