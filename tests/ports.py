"""Ports for servers that tests start in a process of their own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port for one granian, which nobody else is given until the end.

    granian sets SO_REUSEPORT, so it listens where this socket is bound. Whoever asks the system for any
    port, or calls another server, is not given this one: without that, another test's server could come
    to share the port unnoticed, and answer in the place of ours.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((HOST, 0))
        yield int(held.getsockname()[1])
