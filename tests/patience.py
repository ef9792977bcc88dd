"""How long tests wait for what must come. Nobody waits longer than it takes: a limit only ends what hangs.

The machines that run the suite are several times slower than a desk's, and do other work meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable

LIMIT_SECONDS = 180.0


def wait_until(holds: Callable[[], object], what: str, *, pause: float = 0.01) -> None:
    """Wait until something holds. Fails with ``what`` when it does not within the limit."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(pause)
