"""What ``scripts/prerequis.sh`` accepts, and what it advises on each system."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "prerequis.sh"

#: A Python of another version, as far as the script can see: it asks for the version in two ways,
#: then whether its modules, its compiler and its headers are there.
FAKE = """#!/bin/sh
exec {python} -c '
import sys, sysconfig
code = sys.argv[2]
sys.version_info = ({version}, 0, "final", 0)
sysconfig.get_path = lambda name: "{headers}"
exec(code.replace("import ensurepip, venv", "{modules}"))
' "$@"
"""

DEBIAN_TESTING = "ID=debian\nVERSION_CODENAME=forky\n"
ADVICE = "apt-get install python3 python3-venv python3-dev build-essential"


class Machine:
    """A folder of commands to be the whole PATH, and an os-release."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.headers = folder / "include"
        self.headers.mkdir()
        (self.headers / "Python.h").touch()
        self.release = folder / "os-release"
        for name in ("sh", "cc", "gcc", "printf"):
            found = shutil.which(name)
            if found:
                (self.bin / name).symlink_to(found)

    def python(self, version: str, name: str = "python3", *, modules: bool = True) -> None:
        """Install an interpreter that says it is of this version, as « 3.14 »."""
        command = self.bin / name
        command.write_text(
            FAKE.format(
                python=sys.executable,
                version=version.replace(".", ", "),
                headers=self.headers,
                modules="pass" if modules else "raise SystemExit(1)",
            )
        )
        command.chmod(0o755)

    def apt(self) -> None:
        """Have an apt-get, which is only named, never run."""
        (self.bin / "apt-get").symlink_to("/bin/false")

    def check(self, release: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        self.release.write_text(release)
        return subprocess.run(
            ["/bin/sh", str(SCRIPT)],
            env={"PATH": str(self.bin), "OS_RELEASE": str(self.release), "CC": "cc", **env},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal."""
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("coopdec : ")
    return line


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_python_of_the_system_is_taken(machine: Machine, version: str) -> None:
    machine.python(version)
    result = machine.check(DEBIAN_TESTING)
    assert (result.returncode, result.stdout, result.stderr) == (0, "python3\n", "")


def test_another_interpreter_is_taken_when_the_systems_own_will_not_do(machine: Machine) -> None:
    machine.python("3.10")
    machine.python("3.13", "python3.13")
    assert machine.check().stdout == "python3.13\n"


@pytest.mark.parametrize("version", ["3.10", "3.15"])
def test_python_out_of_range_is_named(machine: Machine, version: str) -> None:
    machine.python(version)
    line = _refused(machine.check())
    assert f"il faut Python 3.11 à 3.14, et python3 est ici Python {version}" in line
    given = _refused(machine.check(PYTHON="python3"))
    assert f"PYTHON=python3 est Python {version}" in given


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("ID=debian\nVERSION_ID=12\n", f"{ADVICE} (Debian 12 fournit Python 3.11)"),
        ("ID=debian\nVERSION_ID=13\n", f"{ADVICE} (Debian 13 fournit Python 3.13)"),
        (DEBIAN_TESTING, f"{ADVICE} (Debian testing fournit Python 3.14)"),
        ("ID=ubuntu\nVERSION_ID=24.04\n", f"{ADVICE} (Ubuntu 24.04 fournit Python 3.12)"),
        ("ID=ubuntu\nVERSION_ID=26.04\n", f"{ADVICE} (Ubuntu 26.04 fournit Python 3.14)"),
        ("ID=ubuntu\nVERSION_ID=22.04\n", "apt-get install python3.11 python3.11-venv"),
        ("ID=debian\nVERSION_ID=11\n", "Debian 11 ne fournit que Python 3.9"),
        ("ID=fedora\nVERSION_ID=43\n", "gestionnaire de paquets du système"),
    ],
)
def test_without_python_each_system_has_its_own_advice(
    machine: Machine, release: str, said: str
) -> None:
    line = _refused(machine.check(release))
    assert "il faut Python 3.11 à 3.14" in line
    assert said in line


def test_unusable_interpreter_is_said_so(machine: Machine) -> None:
    machine.python("3.13")
    assert "n'est pas un interpréteur utilisable" in _refused(machine.check(PYTHON="python9"))


def test_what_lacks_is_listed_with_its_packages(machine: Machine) -> None:
    machine.python("3.14", modules=False)
    (machine.headers / "Python.h").unlink()
    (machine.bin / "cc").unlink()
    machine.apt()
    line = _refused(machine.check())
    assert "les modules venv et ensurepip de Python 3.14" in line
    assert "un compilateur C (cc)" in line
    assert line.endswith("apt-get install python3.14-venv build-essential python3.14-dev")


def test_without_apt_no_apt_is_advised(machine: Machine) -> None:
    machine.python("3.14", modules=False)
    line = _refused(machine.check())
    assert "venv" in line
    assert "apt-get" not in line
