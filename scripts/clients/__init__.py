"""Typed clients of the served description: generated, checked and run, as ``docs/api.md`` says.

``preparer.sh`` puts the generators in ``.clients``; nothing here needs the network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
TOOLS = ROOT / ".clients"
PAGE = ROOT / "docs" / "api.md"
#: The address that the examples of the page speak to.
ADDRESS = "http://127.0.0.1:8000"
PACKAGE = "coopdec_client"


def has_python() -> bool:
    """Whether the generator of Python clients is there."""
    return (TOOLS / "python" / "bin" / "openapi-python-client").is_file()


def has_typescript() -> bool:
    """Whether node and what generates TypeScript clients are there."""
    return shutil.which("node") is not None and (TOOLS / "node_modules/openapi-fetch").is_dir()


def example(language: str, address: str) -> str:
    """The example of the page in a language, speaking to ``address``."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
    spoken = [block for block in blocks if ADDRESS in block and "openapi.json" not in block]
    if len(spoken) != 1:
        raise ValueError(f"{PAGE.name}: {len(spoken)} examples in {language}")
    return str(spoken[0]).replace(ADDRESS, address)


def python_client(document: Mapping[str, Any], folder: Path) -> str:
    """Generate the package ``coopdec_client`` in a folder; what the generator says."""
    described = _written(document, folder)
    binaries = TOOLS / "python" / "bin"
    return _run(
        [
            str(binaries / "openapi-python-client"), "generate", "--path", described.name,
            "--config", str(HERE / "generateur.yaml"), "--meta", "none", "--overwrite",
            "--output-path", PACKAGE,
        ],
        folder,
        {"PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip


def typescript_client(document: Mapping[str, Any], folder: Path) -> str:
    """Generate the types ``schema.d.ts`` in a folder; what the generator says."""
    described = _written(document, folder)
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return _run(
        ["node", "node_modules/openapi-typescript/bin/cli.js", described.name, "-o", "schema.d.ts"],
        folder,
    )


def checked_python(folder: Path, *files: str) -> str:
    """What mypy says of files written against the Python client; "" when it finds nothing."""
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
               "--cache-dir", str(folder / ".mypy"), "--no-error-summary", *files]  # fmt: skip
    return _said(command, folder)


def compiled_typescript(folder: Path, file: str) -> str:
    """Compile a file for node; what ``tsc`` says, "" when it finds nothing."""
    command = ["node", "node_modules/typescript/lib/tsc.js", file, "--strict", "--target", "es2022",
               "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck",
               "--lib", "es2023,dom"]  # fmt: skip
    return _said(command, folder)


def run_python(folder: Path, file: str, *given: str) -> str:
    """What a Python file of the folder prints."""
    return _run([sys.executable, file, *given], folder)


def run_node(folder: Path, file: str) -> str:
    """What a compiled file of the folder prints."""
    return _run(["node", file], folder)


def _written(document: Mapping[str, Any], folder: Path) -> Path:
    described = folder / "openapi.json"
    described.write_text(json.dumps(document), "utf-8")
    return described


def _said(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


def _run(command: list[str], folder: Path, environ: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **(environ or {})},
    )  # fmt: skip
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{said}")
    return said
