"""The files of ``deploy/``: each is read by the program it is for, where that one is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from coopdec_rules.web.hosting.reading import FILE_VARIABLE, read_settings
from coopdec_rules.web.hosting.settings import declared

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
VARIABLE = re.compile(r"\bCOOPDEC_[A-Z_]+\b")
#: How exposed systemd may find the unit, out of 10.
EXPOSURE = 1.5


def installed(command: str) -> str | None:
    """The path of a command of the machine, if it has it."""
    return shutil.which(command, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin")


#: What a machine may lack; a test that needs one of them is there only where it is.
ANALYZE, CADDY, NGINX = map(installed, ("systemd-analyze", "caddy", "nginx"))
OPENSSL = installed("openssl")


def _run(*words: object) -> str:
    done = subprocess.run(
        list(map(str, words)), capture_output=True, text=True, check=False, timeout=60
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    return told


def _environment(lines: list[str]) -> dict[str, str]:
    return dict(re.findall(r"\b(COOPDEC_\w+)=(\S+)", "\n".join(lines)))


def test_every_variable_is_a_setting_and_takes_its_value() -> None:
    known = {setting.variable for setting in declared()} | {FILE_VARIABLE}
    for file in DEPLOY.iterdir():
        assert set(VARIABLE.findall(file.read_text("utf-8"))) <= known, file.name
    unit = _environment((DEPLOY / "coopdec.service").read_text("utf-8").splitlines())
    container = _environment((DEPLOY / "Containerfile").read_text("utf-8").splitlines())
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["coopdec"]
    assert read_settings({}, unit, None).key_file == Path("/var/lib/coopdec/cle")
    settings = read_settings({}, {**container, **service["environment"]}, None)
    assert (settings.address, settings.port) == ("0.0.0.0", 8000)
    assert settings.key_file == Path("/var/lib/coopdec/cle")


if ANALYZE:

    def test_the_unit_is_one_and_is_hardened(tmp_path: Path) -> None:
        unit = tmp_path / "coopdec.service"
        text = (DEPLOY / "coopdec.service").read_text("utf-8")
        # The command must exist for systemd to accept the unit.
        unit.write_text(text.replace("/opt/coopdec/bin/coopdec", sys.executable))
        assert _run(ANALYZE, "verify", "--man=no", unit) == ""
        told = _run(ANALYZE, "security", "--offline=true", "--no-pager", unit)
        assert (
            float(re.search(r"exposure level for coopdec.service: ([\d.]+)", told)[1]) <= EXPOSURE
        )


if CADDY:

    def test_caddy_takes_its_configuration() -> None:
        file = DEPLOY / "Caddyfile"
        _run(CADDY, "validate", "--config", file, "--adapter", "caddyfile")
        assert _run(CADDY, "fmt", file) == file.read_text("utf-8")


if NGINX and OPENSSL:

    def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
        key, certificate = tmp_path / "k.pem", tmp_path / "c.pem"
        _run(
            OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            "-subj", "/CN=essai", "-keyout", key, "-out", certificate,
        )  # fmt: skip
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        for mine, theirs in (
            ("/etc/ssl/certs/avis.exemple.fr.pem", certificate),
            ("/etc/ssl/private/avis.exemple.fr.key", key),
            ("/var/log/nginx", tmp_path),
        ):
            assert mine in text
            text = text.replace(mine, str(theirs))
        (tmp_path / "site.conf").write_text(text)
        whole = tmp_path / "nginx.conf"
        whole.write_text(
            f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n"
        )
        _run(NGINX, "-t", "-c", whole, "-p", tmp_path)


def test_the_container_is_made_of_what_is_here_and_runs_as_nobody() -> None:
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text("utf-8"))
    steps = [line.split() for line in text.splitlines() if line and line[0] not in "# "]
    images = [step[1] for step in steps if step[0] == "FROM"]
    assert len(images) == 2
    assert all(re.fullmatch(r"python:3\.1[1-4]-slim", image) for image in images)
    copied = [
        word
        for step in steps
        if step[0] == "COPY" and not step[1].startswith("--from")
        for word in step[1:-1]
    ]
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {"src", "rules", "cases", "pyproject.toml", "constraints.txt"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name not in ignored
    last = max(index for index, step in enumerate(steps) if step[0] == "FROM")
    users = [step[1] for step in steps[last:] if step[0] == "USER"]
    assert [int(user) > 0 for user in users] == [True]
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    ours = service["services"]["coopdec"]
    (network,) = service["networks"]["dedans"]["ipam"]["config"]
    assert ours["read_only"] is True
    assert ours["environment"]["COOPDEC_MANDATAIRES"] == network["subnet"]
