"""Where a stage meets the warm process, and what is said there. Standard library only."""

import contextlib
import hashlib
import json
import os
import socket
import stat
import struct
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SWITCH = "LIMNER_WARM"
# What differs from one stage of a run to the next and no library reads at its import.
_VOLATILE = ("DVC_", "LIMNER_WARM", "PWD", "OLDPWD", "SHLVL", "_")


def meeting_place(environment: Mapping[str, str]) -> Path | None:
    """Name the socket of the warm process that may stand in for this one.

    The name is made of all that shapes an import: the interpreter, the installed packages
    and the environment. Another environment is another warm process.

    Returns:
        a path in a folder that only this user can enter, or None where there is no such
        folder or the system cannot fork and watch a process safely.
    """
    off = environment.get(SWITCH, "").lower() in ("off", "0", "false", "no")
    if off or not hasattr(os, "pidfd_open"):
        return None
    folder = Path(environment.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    folder /= f"limner-{os.getuid()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if private and found.st_uid == os.getuid():
            return folder / f"{_fingerprint(environment)}.socket"
    return None


def _fingerprint(environment: Mapping[str, str]) -> str:
    packages = Path(sysconfig.get_path("purelib"))
    shaping = {k: v for k, v in environment.items() if not k.startswith(_VOLATILE)}
    # The folder too: a relative path in the environment means another one elsewhere.
    facts = [sys.executable, sys.version, packages.stat().st_mtime_ns, sorted(shaping.items()),
             str(Path.cwd())]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]


def send(connection: socket.socket, message: Mapping[str, Any]) -> None:
    """Send one message, whole."""
    content = json.dumps(message).encode()
    connection.sendall(struct.pack("!I", len(content)) + content)


def receive(connection: socket.socket) -> dict[str, Any]:
    """Receive one message.

    Raises:
        EOFError: the other side has gone.
    """
    (length,) = struct.unpack("!I", _exactly(connection, 4))
    message: dict[str, Any] = json.loads(_exactly(connection, length))
    return message


def _exactly(connection: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        if not part:
            raise EOFError("the other side has gone")
        content += part
    return content
