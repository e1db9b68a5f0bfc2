"""Calls the service of server.py on the port that is given, in every way that gRPC has.

Over TLS, if a file with the certificate of an authority is given.
"""
import queue
import sys

import grpc

address = "127.0.0.1:" + sys.argv[1]
if len(sys.argv) > 2:
    with open(sys.argv[2], "rb") as authority:
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(authority.read()))
else:
    channel = grpc.insecure_channel(address)


def code(method, **more):
    try:
        channel.unary_unary(method)(b"x", **more)
    except grpc.RpcError as error:
        return error.code()


unary = channel.unary_unary("/t.T/Unary")
answer, call = unary.with_call(b"hello")
assert answer == b"olleh"
assert ("x-trail", "yes") in [(m.key, m.value) for m in call.trailing_metadata()]
assert len(unary(bytes(1000000))) == 1000000
print("unary")

assert code("/t.T/Fail") == grpc.StatusCode.FAILED_PRECONDITION
assert code("/t.T/None") == grpc.StatusCode.UNIMPLEMENTED
assert code("/t.T/Slow", timeout=0.3) == grpc.StatusCode.DEADLINE_EXCEEDED
print("errors")

assert len(list(channel.unary_stream("/t.T/Down")(b"500"))) == 500
print("server streaming")

assert channel.stream_unary("/t.T/Up")(iter([bytes(5000)] * 200)) == b"1000000"
print("client streaming")

requests = queue.Queue()
answers = channel.stream_stream("/t.T/Both")(iter(requests.get, None))
for i in range(100):
    requests.put(b"%d" % i)
    assert next(answers) == b"got %d" % i
requests.put(None)
assert list(answers) == []
print("both")

calls = [unary.future(b"x%d" % i) for i in range(1000)]
assert all(c.result() == (b"x%d" % i)[::-1] for i, c in enumerate(calls))
print("a thousand at once")
