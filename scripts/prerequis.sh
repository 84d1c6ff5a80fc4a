#!/bin/sh
# Check that this machine can build the environment; print the Python to use on standard output.
# PYTHON, when set, is the only interpreter tried. What is missing is told in one line.
set -u

OLDEST=11
NEWEST=14
ACCEPTED="Python 3.$OLDEST à 3.$NEWEST"

fail() {
    printf '%s\n' "coopdec : $1" >&2
    exit 1
}

version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

is_supported() {
    "$1" -c "import sys; sys.exit(not (3, $OLDEST) <= sys.version_info[:2] <= (3, $NEWEST))" \
        >/dev/null 2>&1
}

# What this system has to offer, in the words of its own package manager.
how_to_install() {
    os_release=${OS_RELEASE:-/etc/os-release}
    system=$(. "$os_release" 2>/dev/null && printf '%s' "${ID:-} ${VERSION_ID:-${VERSION_CODENAME:-}}")
    usual="apt-get install python3 python3-venv python3-dev build-essential"
    elsewhere="installez-en un d'une autre source, avec un compilateur C, et indiquez-le par PYTHON=/chemin/vers/python3"
    case $system in
        "debian 12") echo "en administrateur : $usual (Debian 12 fournit Python 3.11)" ;;
        "debian 13") echo "en administrateur : $usual (Debian 13 fournit Python 3.13)" ;;
        "debian forky") echo "en administrateur : $usual (Debian testing fournit Python 3.14)" ;;
        "ubuntu 24.04") echo "en administrateur : $usual (Ubuntu 24.04 fournit Python 3.12)" ;;
        "ubuntu 26.04") echo "en administrateur : $usual (Ubuntu 26.04 fournit Python 3.14)" ;;
        "ubuntu 22.04") echo "Ubuntu 22.04 fournit Python 3.10 ; en administrateur : apt-get install python3.11 python3.11-venv python3.11-dev build-essential (dépôt universe)" ;;
        "debian 11") echo "Debian 11 ne fournit que Python 3.9 ; $elsewhere" ;;
        *) echo "installez-en un par le gestionnaire de paquets du système (avec venv, les en-têtes et un compilateur C), ou indiquez-le par PYTHON=/chemin/vers/python3" ;;
    esac
}

python=
if [ -n "${PYTHON:-}" ]; then
    if ! is_supported "$PYTHON"; then
        found=$(version_of "$PYTHON")
        is="n'est pas un interpréteur utilisable"
        fail "il faut $ACCEPTED, et PYTHON=$PYTHON ${found:+est Python }${found:-$is} ; donnez un autre interpréteur, ou relancez sans PYTHON=."
    fi
    python=$PYTHON
else
    # The system's own first: it is the one whose headers a plain apt-get installs.
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_supported "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        found=$(version_of python3)
        fail "il faut $ACCEPTED${found:+, et python3 est ici Python $found} ; $(how_to_install)."
    fi
fi

version=$(version_of "$python")
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

[ -z "$missing" ] && printf '%s\n' "$python" && exit 0

if command -v apt-get >/dev/null 2>&1; then
    fail "il manque $missing ; en administrateur : apt-get install $packages"
fi
fail "il manque $missing ; installez-les par le gestionnaire de paquets du système, ou indiquez un autre Python par PYTHON=/chemin/vers/python3."
