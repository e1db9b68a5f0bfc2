#!/usr/bin/env python3
"""Uses the rpc/encoded descriptions as suds does.

Prints one line for each step; ends with a status other than 0 when a step does not do what it should.
"""
import base64
import ssl
import sys
import urllib.request

from suds import WebFault
from suds.client import Client
from suds.sudsobject import Factory
from suds.transport.https import HttpAuthenticated
from suds.xsd.doctor import Import, ImportDoctor

BASE, USER, PASSWORD = sys.argv[1:4]
NAMESPACE = "http://soap.zeus.com/zxtm/1.0/"


class Transport(HttpAuthenticated):
    """The certificate of the admin server is its own."""

    def u2handlers(self):
        handlers = HttpAuthenticated.u2handlers(self)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        handlers.append(urllib.request.HTTPSHandler(context=context))
        return handlers


def client(interface):
    encoding = Import("http://schemas.xmlsoap.org/soap/encoding/")
    encoding.filter.add(NAMESPACE)
    credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    made = Client(
        f"{BASE}/wsdl/{interface}.wsdl",
        doctor=ImportDoctor(encoding),
        transport=Transport(username=USER, password=PASSWORD),
        headers={"Authorization": f"Basic {credentials}"},
        location=f"{BASE}/soap",
        cache=None,
    )
    made.factory.separator("@")  # names of types have dots
    return made


def array(*items):
    """An array within an array; suds makes one of a list only where nothing is around it."""
    made = Factory.object("Array")
    made.item = list(items)
    return made


def plain(value):
    """Arrays as lists, whatever suds makes of them."""
    if hasattr(value, "Item"):
        return plain(value.Item)
    if isinstance(value, list):
        return [plain(each) for each in value]
    return str(value) if isinstance(value, str) else value


def expect(what, found, expected):
    print(f"{what}: {found}")
    if found != expected:
        sys.exit(f"{what}: found {found!r}, expected {expected!r}")


pools = client("Pool")
servers = client("VirtualServer")
pool = pools.service
server = servers.service

pool.addPool(["suds"], [array("127.0.0.1:101", "127.0.0.1:102")])
expect("created", plain(pool.getNodes(["suds"])), [["127.0.0.1:101", "127.0.0.1:102"]])
pool.addDrainingNodes(["suds"], [array("127.0.0.1:101")])
expect("drained", plain(pool.getDrainingNodes(["suds"])), [["127.0.0.1:101"]])
expect("idle", plain(pool.getNodesConnectionCounts(["127.0.0.1:101"])), [0])
pool.removeDrainingNodes(["suds"], [array("127.0.0.1:101")])

weight = pools.factory.create(f"{{{NAMESPACE}}}Pool.WeightingsDefinition")
weight.node = "127.0.0.1:102"
weight.weighting = 6
pool.setNodesWeightings(["suds"], [array(weight)])
weights = plain(pool.getWeightings(["suds"]))[0]
expect("weights", [int(each.weighting) for each in weights], [1, 6])

info = servers.factory.create(f"{{{NAMESPACE}}}VirtualServer.BasicInfo")
info.port = 8201
info.protocol = "http"
info.default_pool = "suds"
server.addVirtualServer(["suds"], [info])
expect("server", int(plain(server.getBasicInfo(["suds"]))[0].port), 8201)

try:
    pool.getNodes(["nope"])
    sys.exit("no fault")
except WebFault as fault:
    detail = fault.fault.detail
    expect("fault", hasattr(detail, "ObjectDoesNotExist"), True)
    expect("object", str(detail.ObjectDoesNotExist.object), "nope")
