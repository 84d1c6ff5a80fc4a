#!/bin/sh
# Check that this machine can build the environment; print the Python to use on standard output.
# PYTHON, when set, is the only interpreter tried. What is missing is told in one line.
set -u

fail() {
    printf '%s\n' "coopdec : $1" >&2
    exit 1
}

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1
}

python=
if [ -n "${PYTHON:-}" ]; then
    is_supported "$PYTHON" && python=$PYTHON
    [ -n "$python" ] || fail "PYTHON=$PYTHON n'est pas un Python 3.11 ou 3.12 utilisable ; donnez un autre interpréteur, ou relancez sans PYTHON=."
else
    for candidate in python3.11 python3.12 python3; do
        if is_supported "$candidate"; then
            python=$candidate
            break
        fi
    done
    [ -n "$python" ] || fail "Python 3.11 ou 3.12 est introuvable ; installez-le (en administrateur : apt-get install python3 python3-venv python3-dev build-essential), ou indiquez-le par PYTHON=/chemin/vers/python3.11."
fi

version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
compiler=$("$python" -c 'import os, sysconfig
print((os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0])')
include=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')

missing=
packages=
need() {
    missing="${missing:+$missing, }$1"
    packages="${packages:+$packages }$2"
}

"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    need "les modules venv et ensurepip de Python $version" "python$version-venv"
if ! command -v "$compiler" >/dev/null 2>&1; then
    need "un compilateur C ($compiler)" build-essential
elif ! printf '#include <stdio.h>\n' | "$compiler" -fsyntax-only -x c - >/dev/null 2>&1; then
    need "les en-têtes de la bibliothèque C" build-essential
fi
[ -f "$include/Python.h" ] ||
    need "les en-têtes de Python $version (Python.h)" "python$version-dev"

[ -z "$missing" ] || fail "il manque $missing ; en administrateur : apt-get install $packages"

printf '%s\n' "$python"
