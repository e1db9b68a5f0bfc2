"""A relay that makes 127.0.0.1 as slow as a long way: round-trip time and TCP's slow start.

Run as `python3 delay_relay.py LISTEN-PORT TARGET-PORT RTT-MS`. For each client connection

- the target sees the connection and the first bytes after one and a half round trips, as it would
  after SYN, SYN-ACK and ACK; later bytes of the client take half a round trip;
- bytes of the target take half a round trip, and at most a congestion window of them is under way
  or unacknowledged: ten segments at first, growing by what is acknowledged. What goes beyond stays
  with the target, as it would in its send buffer. There is no loss and no limit of bandwidth;
- either end's close takes half a round trip.
"""

import asyncio
import collections
import socket
import sys

SEGMENT = 1460
FIRST_WINDOW = 10 * SEGMENT
LARGEST_WINDOW = 1 << 20
# What the relay's own socket holds back of the target's bytes. The segment size keeps the kernel
# from waiting for room for the 64 KB segments of the loopback device.
RECEIVE_BUFFER = 8192


class ClientSide(asyncio.Protocol):
    """A client's connection; its bytes and its end go to the target later."""

    def __init__(self, relay):
        self.relay = relay
        self.target = None
        self.gone = False

    def connection_made(self, transport):
        self.transport = transport
        self.relay.track(self)
        self.target = TargetSide(self)
        self.relay.later(1.5, lambda: self.relay.open_target(self.target))

    def data_received(self, data):
        self.relay.later(0.5, lambda: self.target.forward(data))

    def eof_received(self):
        self.relay.later(0.5, self.target.forward_end)
        return True  # the way back stays open

    def connection_lost(self, _problem):
        self.gone = True
        self.relay.forget(self)
        self.relay.later(0.5, self.target.close)


class TargetSide(asyncio.BufferedProtocol):
    """The connection to the target; reads no more than the path of the client has room for."""

    def __init__(self, client):
        self.client = client
        self.relay = client.relay
        self.window = FIRST_WINDOW
        self.under_way = 0
        self.buffer = bytearray(LARGEST_WINDOW // 16)
        self.waiting = collections.deque()  # from the client, until there is a connection
        self.end_waits = self.closed = False
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport
        if self.closed:
            transport.close()
            return
        while self.waiting:
            transport.write(self.waiting.popleft())
        if self.end_waits:
            transport.write_eof()

    def forward(self, data):
        if self.transport:
            self.transport.write(data)
        elif not self.closed:
            self.waiting.append(data)

    def forward_end(self):
        self.end_waits = True
        if self.transport and not self.transport.is_closing():
            self.transport.write_eof()

    def close(self):
        self.closed = True
        if self.transport:
            self.transport.close()

    def get_buffer(self, _hint):
        return memoryview(self.buffer)[: min(len(self.buffer), self.window - self.under_way)]

    def buffer_updated(self, count):
        data = bytes(self.buffer[:count])
        self.under_way += count
        if self.under_way >= self.window:
            self.transport.pause_reading()
        self.relay.later(0.5, lambda: self.deliver(data))
        self.relay.later(1.0, lambda: self.acknowledge(count))

    def deliver(self, data):
        if not self.client.gone:
            self.client.transport.write(data)

    def acknowledge(self, count):
        self.under_way -= count
        self.window = min(LARGEST_WINDOW, self.window + count)
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def eof_received(self):
        self.relay.later(0.5, self.deliver_end)
        return True  # until the client closes, too

    def deliver_end(self):
        if not self.client.gone and not self.client.transport.is_closing():
            self.client.transport.write_eof()

    def connection_lost(self, problem):
        if problem:
            self.relay.later(0.5, self.client.transport.abort)


class Relay:
    """The way between all clients and the one target."""

    def __init__(self, target_port, rtt):
        self.loop = asyncio.get_running_loop()
        self.target_port = target_port
        self.rtt = rtt
        self.clients = set()
        self.opening = set()

    def later(self, round_trips, action):
        if self.rtt:
            self.loop.call_later(round_trips * self.rtt, action)
        else:
            self.loop.call_soon(action)

    def track(self, client):
        self.clients.add(client)

    def forget(self, client):
        self.clients.discard(client)

    def open_target(self, side):
        task = self.loop.create_task(self._open(side))
        self.opening.add(task)
        task.add_done_callback(self.opening.discard)

    async def _open(self, side):
        if side.closed:
            return
        plug = socket.socket()
        plug.setblocking(False)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        try:
            await self.loop.sock_connect(plug, ("127.0.0.1", self.target_port))
            await self.loop.create_connection(lambda: side, sock=plug)
        except OSError:
            plug.close()
            side.client.transport.abort()


async def main(listen_port, target_port, rtt):
    relay = Relay(target_port, rtt)
    server = await asyncio.get_running_loop().create_server(
        lambda: ClientSide(relay), "127.0.0.1", listen_port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000))
