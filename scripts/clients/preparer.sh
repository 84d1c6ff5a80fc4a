#!/bin/sh
# Make sure the generators of typed clients are there, in .clients: that of Python in an environment
# of its own (it conflicts with the service's libraries), those of TypeScript from npm when node is
# there. Without them their tests are skipped, except when CI=true.
set -u
cd "$(dirname "$0")/../.."
here=scripts/clients
into=.clients
version=$(cat "$here/requirements.txt" "$here/package.json" | cksum)

if [ "$(cat "$into/pret" 2>/dev/null)" = "$version" ]; then
    exit 0
fi

fail() {
    if [ "${CI:-}" = true ]; then
        echo "coopdec : $1" >&2
        exit 1
    fi
    echo "coopdec : $1 ; les essais des clients qui en ont besoin seront sautés." >&2
}

mkdir -p "$into"
echo "Installation des générateurs de clients typés dans $into…"
complete=yes
python=${PYTHON:-.venv/bin/python}
"$python" -m venv --clear "$into/python" &&
    "$into/python/bin/python" -m pip --disable-pip-version-check -qq install \
        -r "$here/requirements.txt" || {
    complete=no
    fail "le générateur de clients Python n'a pas pu être installé"
}

if ! command -v npm >/dev/null 2>&1 && [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] &&
    command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm </dev/null >/dev/null
fi
if command -v npm >/dev/null 2>&1; then
    cp "$here/package.json" "$into/package.json"
    (cd "$into" && npm install --no-package-lock --no-audit --no-fund --silent) || {
        complete=no
        fail "les générateurs de clients TypeScript n'ont pas pu être installés"
    }
else
    complete=no
    fail "node et npm sont introuvables"
fi

[ "$complete" = yes ] && echo "$version" >"$into/pret"
exit 0
