#!/bin/sh
# Make sure a Chromium is there for the browser tests: install Debian's package when that is
# possible without asking. Without one the browser tests are skipped, except when CI=true.
set -u

have_browser() {
    [ -n "${COOPDEC_CHROMIUM:-}" ] && [ -x "$COOPDEC_CHROMIUM" ] && return 0
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

have_browser && exit 0

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
        as_root="sudo -n"
    else
        as_root=no
    fi
    if [ "$as_root" != no ]; then
        echo "Installation de Chromium pour les essais dans un navigateur…"
        $as_root apt-get update -qq >/dev/null &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium \
                </dev/null >/dev/null
    fi
fi

have_browser && exit 0

if [ "${CI:-}" = true ]; then
    echo "coopdec : Chromium est introuvable et n'a pas pu être installé ; installez-le ou indiquez-le par COOPDEC_CHROMIUM=/chemin/vers/chromium." >&2
    exit 1
fi
echo "coopdec : Chromium est introuvable ; les essais dans un navigateur seront sautés (pour les jouer, installez chromium ou indiquez-le par COOPDEC_CHROMIUM=/chemin/vers/chromium)." >&2
