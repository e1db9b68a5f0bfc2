"""A node for the soak: serves slices of a known block and tells the checksum of what is posted.

Run as `python3 soak_node.py PORT POSTS-FILE`. Answers:

    GET /bytes/START/LENGTH            that slice of BLOCK, with Content-Length
    GET /bytes/START/LENGTH?chunked    the same slice in chunks
    POST /sum/ID                       JSON: length and SHA-256 of the body received
    anything else                      404

The ID of each POST is appended to POSTS-FILE when its head has arrived, so that a POST which
reached nodes twice can be found afterwards, also when this process is killed.
"""

import asyncio
import hashlib
import json
import random
import sys

BLOCK = random.Random(20).randbytes(1 << 21)
CHUNK = 7001


def block_slice(start, length):
    """The bytes that GET /bytes/START/LENGTH has to deliver."""
    return BLOCK[start : start + length]


async def serve(reader, writer, posts):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            request_line, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
            headers = {}
            for line in lines:
                name, _, value = line.partition(":")
                headers[name.strip().lower()] = value.strip()
            method, target, _version = request_line.split(" ")
            await answer(method, target, headers, reader, writer, posts)
            if headers.get("connection", "").lower() == "close":
                return
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def answer(method, target, headers, reader, writer, posts):
    path, _, query = target.partition("?")
    parts = path.split("/")
    if method == "GET" and parts[1] == "bytes":
        content = block_slice(int(parts[2]), int(parts[3]))
        if query == "chunked":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for start in range(0, len(content), CHUNK):
                piece = content[start : start + CHUNK]
                writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
    elif method == "POST" and parts[1] == "sum":
        posts.write(f"{parts[2]}\n")
        posts.flush()
        digest, length = hashlib.sha256(), 0
        async for piece in body(headers, reader):
            digest.update(piece)
            length += len(piece)
        content = json.dumps({"length": length, "sha256": digest.hexdigest()}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
    else:
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def body(headers, reader):
    """The pieces of a request body, whichever way it is framed."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while True:
            size = int((await reader.readline()).partition(b";")[0], 16)
            if size:
                yield await reader.readexactly(size)
            line = await reader.readline()
            while not size and line != b"\r\n":
                line = await reader.readline()
            if not size:
                return
    missing = int(headers.get("content-length", 0))
    while missing:
        piece = await reader.read(min(missing, 65536))
        if not piece:
            raise asyncio.IncompleteReadError(b"", missing)
        missing -= len(piece)
        yield piece


async def main(port, posts_file):
    with open(posts_file, "a", encoding="ascii") as posts:
        server = await asyncio.start_server(
            lambda reader, writer: serve(reader, writer, posts), "127.0.0.1", port, backlog=1024
        )
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
