"""A node with few workers and a queue without end, as application servers have.

Run as `python3 queue_node.py PORT WORKERS WORK-MS [BYTES]`. A request waits until a worker is free,
and is answered with so many bytes (200) after WORK-MS. Whoever asked may have gone meanwhile; the work is done all the same, since
servers notice that only when they write.
"""

import asyncio
import sys
from collections import deque

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


class Node:
    def __init__(self, workers, seconds, size):
        self.free = workers
        self.seconds = seconds
        self.answer = HEAD % size + b"x" * size
        self.waiting = deque()
        self.loop = asyncio.get_running_loop()

    def ask(self, connection):
        if self.free:
            self.free -= 1
            self.loop.call_later(self.seconds, self.done, connection)
        else:
            self.waiting.append(connection)

    def done(self, connection):
        if not connection.transport.is_closing():
            connection.transport.write(self.answer)
        if self.waiting:
            self.loop.call_later(self.seconds, self.done, self.waiting.popleft())
        else:
            self.free += 1


class Connection(asyncio.Protocol):
    def __init__(self, node):
        self.node = node
        self.read = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.read += data
        while b"\r\n\r\n" in self.read:
            _, _, self.read = self.read.partition(b"\r\n\r\n")
            self.node.ask(self)


async def main(port, workers, seconds, size):
    node = Node(workers, seconds, size)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(node), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    answer = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000, answer))
