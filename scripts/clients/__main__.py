"""Writes ``docs/appels.md``, the transcript of five typed calls: ``python -m scripts.clients``."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

import uvicorn

from coopdec_rules.web.app import create_app
from scripts.clients import HERE, ROOT, python_client, run_python

_HEAD = """\
# Cinq appels d'un client engendré

Écrit par `python -m scripts.clients` le {day}, recueil {version} ({fingerprint}) : le client \
Python engendré depuis la description servie, et [ces cinq appels](../scripts/clients/appels.py), \
que les essais rejouent et vérifient avec mypy.

```text
{said}
```
"""


def main() -> None:
    app = create_app()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            python_client(app.openapi(), folder)
            shutil.copy(HERE / "appels.py", folder)
            said = run_python(folder, "appels.py", f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
    book = app.state.readiness.advisor.rulebook
    page = _HEAD.format(
        day=dt.date.today().strftime("%d/%m/%Y"), version=book.version,
        fingerprint=book.fingerprint[:12], said=said,
    )  # fmt: skip
    (ROOT / "docs" / "appels.md").write_text(page, "utf-8")


if __name__ == "__main__":
    main()
