"""Put on PYTHONPATH, this closes every Python process to the outside and records each try.

An audit hook sees look-ups and connections whatever library makes them; loopback and
local sockets stay open. The record is the file named by ``CLOSED_NETWORK_LOG``.
"""

import os
import sys

_LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")


def _outside(event, arguments):
    if event == "socket.getaddrinfo":
        return arguments[0]
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        return arguments[1][0]
    return None


def _watch(event, arguments):
    if not event.startswith("socket."):
        return
    host = _outside(event, arguments)
    if host is None or str(host).startswith(_LOOPBACK) or str(host) in ("", os.uname().nodename):
        return
    with open(os.environ["CLOSED_NETWORK_LOG"], "a", encoding="utf-8") as log:  # noqa: PTH123  no imports here
        log.write(f"{event} {host} {' '.join(sys.argv[:3])}\n")
    raise PermissionError(f"this process may not reach {host}")


if "CLOSED_NETWORK_LOG" in os.environ:
    sys.addaudithook(_watch)
