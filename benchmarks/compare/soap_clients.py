"""Clients of the control APIs for measurements, and how Weir is made ready for them."""

import base64
import http.client
import json
import os
import subprocess

import processes
from processes import Trouble

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Body>{}</soap:Body></soap:Envelope>"""
PASSWORD = "soap-calls-benchmark"
CALL = ENVELOPE.format(
    """<n:getNodes xmlns:n="http://soap.zeus.com/zxtm/1.0/Pool/">
<names soapenc:arrayType="xsd:string[1]" xsi:type="soapenc:Array"><item xsi:type="xsd:string">web</item></names>
</n:getNodes>"""
).encode()


def set_password(launcher, workshop, env):
    """Gives the first user of a running Weir the password of the clients."""
    secret = workshop.dir / "secret"
    secret.write_text(PASSWORD + "\n")
    done = subprocess.run(
        [str(launcher), "user", "passwd", "admin", "--password-file", str(secret)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"the password cannot be set: {done.stderr}")


def await_admin(port, weir, pause=0.02):
    processes.wait_for(lambda: listens(port), 60, weir, "admin server", pause=pause)


def listens(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/soap")
        connection.getresponse().read()
        return True
    except OSError:
        return False
    finally:
        connection.close()


class Client:
    """One client with a connection of its own."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        word = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
        self.headers = {"Content-Type": "text/xml", "Authorization": f"Basic {word}"}
        self.calls = 0
        self.over = False
        self.trouble = None

    def send(self, method, path, body):
        """An operation of the REST API."""
        headers = {**self.headers, "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body), headers)
        self._good()

    def set(self, interface, operation, name, number):
        """A call that sets a number of one object."""
        self.connection.request(
            "POST",
            "/soap",
            ENVELOPE.format(
                f"""<n:{operation} xmlns:n="http://soap.zeus.com/zxtm/1.0/{interface}/">
<names soapenc:arrayType="xsd:string[1]" xsi:type="soapenc:Array"><item xsi:type="xsd:string">{name}</item></names>
<values soapenc:arrayType="xsd:unsignedInt[1]" xsi:type="soapenc:Array"><item xsi:type="xsd:unsignedInt">{number}</item>
</values></n:{operation}>"""
            ),
            self.headers,
        )
        self._good()

    def _good(self):
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status // 100 != 2:
            raise Trouble(f"status {answer.status}: {body[:300]!r}")

    def call(self):
        self.connection.request("POST", "/soap", CALL, self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200 or b"127.0.0.1:2<" not in body:
            raise Trouble(f"status {answer.status}: {body[:300]!r}")
        self.calls += 1

    def run(self):
        try:
            while not self.over:
                self.call()
        except (OSError, http.client.HTTPException, Trouble) as trouble:
            self.trouble = trouble
