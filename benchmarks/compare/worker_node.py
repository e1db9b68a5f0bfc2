"""A node with few workers, as process-per-connection servers have: each is busy with one client.

Run as `python3 worker_node.py PORT WORKERS WORK-MS LOG`. A worker accepts a connection, reads the
head of a request, works (sleeps) for WORK-MS, sends a page of 64 KiB, says that this was all, and
waits until the client closes, so that the end of the page is not lost. Then it takes the next
connection; there is no keep-alive. Each transaction adds a line to LOG: when it ended, and for how
long it occupied the worker, in seconds of the monotonic clock.
"""

import socket
import sys
import threading
import time

PAGE = (b"The quick brown fox jumps over the lazy dog. 0123456789 abcdef\n" * 1041)[: 64 * 1024]
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n"
    b"Connection: close\r\n\r\n" % len(PAGE)
)
SEND_BUFFER = 16 * 1024  # Linux's first size, which most servers leave as it is
PATIENCE = 60


def work(listener, seconds, log):
    while True:
        connection, _ = listener.accept()
        begin = time.monotonic()
        try:
            with connection:
                connection.settimeout(PATIENCE)
                serve(connection, seconds)
        except OSError:
            continue
        end = time.monotonic()
        log.write(f"{end:.6f} {end - begin:.6f}\n")


def serve(connection, seconds):
    head = b""
    while b"\r\n\r\n" not in head:
        got = connection.recv(8192)
        if not got:
            raise ConnectionError("closed within the head")
        head += got
    time.sleep(seconds)
    connection.sendall(HEAD + PAGE)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(8192):
        pass


def main(port, workers, seconds, log_file):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    listener.bind(("127.0.0.1", port))
    listener.listen(4096)
    with open(log_file, "a", encoding="ascii", buffering=1) as log:
        threads = [
            threading.Thread(target=work, args=(listener, seconds, log)) for _ in range(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000, sys.argv[4])
