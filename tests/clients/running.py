"""The application on a port of its own, and the telephone that talks to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from eom.settings import ROOT
from tests.patience import LIMIT_SECONDS

TELEPHONE = Path(__file__).with_name("telephone.mjs")
# Where set-up puts Node.js when the machine has none.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), str(ROOT / ".venv" / "bin")])


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind a server; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def told_by_telephone(base: str, form: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What came of it when a telephone downloaded a form, filled it and posted it, and what else was asked."""
    node = shutil.which("node", path=PLACES)
    assert node, "Node.js runs the telephone: scripts/setup.sh installs it where the machine has none"
    story = {"base": base, "form": form, "answers": answers} | more
    ran = subprocess.run(
        [node, TELEPHONE],
        input=json.dumps(story),
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)  # type: ignore[no-any-return]
