#!/usr/bin/env python3
"""Uses the document/literal descriptions as a modern client does.

Prints one line for each step; ends with a status other than 0 when a step does not do what it should.
"""
import sys

import requests
from requests.auth import HTTPBasicAuth
from zeep import Client, Transport
from zeep.exceptions import Fault

BASE, USER, PASSWORD = sys.argv[1:4]


def client(interface):
    session = requests.Session()
    session.auth = HTTPBasicAuth(USER, PASSWORD)
    session.trust_env = False
    session.verify = False  # the certificate of the admin server is its own
    return Client(f"{BASE}/wsdl/literal/{interface}.wsdl", transport=Transport(session=session))


def expect(what, found, expected):
    print(f"{what}: {found}")
    if found != expected:
        sys.exit(f"{what}: found {found}, expected {expected}")


def items(*values):
    return {"Item": list(values)}


pool = client("Pool").service
server = client("VirtualServer").service

pool.addPool(items("zeep"), items(items("127.0.0.1:93", "127.0.0.1:94")))
expect("created", pool.getNodes(items("zeep"))[0]["Item"], ["127.0.0.1:93", "127.0.0.1:94"])
pool.addDrainingNodes(items("zeep"), items(items("127.0.0.1:93")))
expect("drained", pool.getDrainingNodes(items("zeep"))[0]["Item"], ["127.0.0.1:93"])
pool.removeDrainingNodes(items("zeep"), items(items("127.0.0.1:93")))
pool.setNodesWeightings(items("zeep"), items(items({"node": "127.0.0.1:94", "weighting": 9})))
weights = pool.getWeightings(items("zeep"))[0]["Item"]
expect("weights", [w["weighting"] for w in weights], [1, 9])
server.addVirtualServer(
    items("zeep"), items({"port": 8193, "protocol": "http", "default_pool": "zeep"})
)
expect("server", server.getBasicInfo(items("zeep"))[0]["port"], 8193)
try:
    pool.getNodes(items("nope"))
    sys.exit("no fault")
except Fault as fault:
    expect("fault", fault.detail[0].tag.split("}")[-1], "ObjectDoesNotExist")
