"""A node for large bodies: `GET /N` is answered with N bytes (100 without a number), other requests when their body has come.

Run as `python3 stream_node.py PORT [READ-BYTES-PER-SECOND]`; the second makes it read bodies slowly.
"""

import asyncio
import re
import sys

BLOCK = b"x" * 65536


async def serve(reader, writer, rate):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            method, path, _ = head.split(b" ", 2)
            if method in (b"GET", b"HEAD"):
                size = re.match(rb"/(\d+)", path)
                await answer(writer, int(size[1]) if size else 100, method == b"GET")
            else:
                length = re.search(rb"(?i)content-length: *(\d+)", head)
                await drain(reader, int(length[1]) if length else 0, rate)
                await answer(writer, 100)
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        writer.close()


async def answer(writer, left, body=True):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % left)
    while body and left > 0:
        writer.write(BLOCK[:left])
        left -= len(BLOCK)
        await writer.drain()


async def drain(reader, left, rate):
    while left > 0:
        piece = await reader.read(min(left, rate or 1 << 20))
        if not piece:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(piece)
        if rate:
            await asyncio.sleep(len(piece) / rate)


async def main(port, rate):
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, rate), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
