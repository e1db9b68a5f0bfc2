"""A gRPC service without generated code: messages are bytes. Prints its port.

Over TLS, if files with a certificate and its key are given.
"""
import sys
import time
from concurrent import futures

import grpc


def unary(request, context):
    context.set_trailing_metadata((("x-trail", "yes"),))
    return request[::-1]


def fail(request, context):
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no such luck")


def down(request, context):
    for i in range(int(request)):
        yield b"%d" % i * 1000


def up(requests, context):
    return b"%d" % sum(len(r) for r in requests)


def both(requests, context):
    for request in requests:
        yield b"got " + request


def slow(request, context):
    while context.is_active():
        time.sleep(0.05)
    return b""


METHODS = {
    "/t.T/Unary": grpc.unary_unary_rpc_method_handler(unary),
    "/t.T/Fail": grpc.unary_unary_rpc_method_handler(fail),
    "/t.T/Down": grpc.unary_stream_rpc_method_handler(down),
    "/t.T/Up": grpc.stream_unary_rpc_method_handler(up),
    "/t.T/Both": grpc.stream_stream_rpc_method_handler(both),
    "/t.T/Slow": grpc.unary_unary_rpc_method_handler(slow),
}


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        return METHODS.get(details.method)


server = grpc.server(futures.ThreadPoolExecutor(32))
server.add_generic_rpc_handlers((Handler(),))
address = "127.0.0.1:0"
if len(sys.argv) > 2:
    with open(sys.argv[1], "rb") as chain, open(sys.argv[2], "rb") as key:
        tls = grpc.ssl_server_credentials([(key.read(), chain.read())])
    print(server.add_secure_port(address, tls), flush=True)
else:
    print(server.add_insecure_port(address), flush=True)
server.start()
server.wait_for_termination()
