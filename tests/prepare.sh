#!/usr/bin/env bash
# Brings what the tests need beside Python: a PostgreSQL server, a browser, Node.js and the clients written for it.
# Quick when all is there; `make test` calls it every time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=web/node.sh
source web/node.sh

say() { printf '%s\n' "$*"; }

has_postgresql() {
    [[ -n ${RELANCE_TEST_POSTGRES_URL:-} ]] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

# Installs a package of the system's, where it is a Debian and we may.
install_package() {
    local root=()
    if [[ $EUID -ne 0 ]]; then
        root=(sudo -n)
        sudo -n true 2>/dev/null || return 1
    fi
    command -v apt-get >/dev/null || return 1
    say "installing $1 for the tests"
    local log
    log=$(mktemp)
    # No server of the system's own is to be started (RUNLEVEL=1): the tests make theirs, on a free port.
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update >>"$log" 2>&1 &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install --yes --no-install-recommends \
            -o Dpkg::Use-Pty=0 "$1" >>"$log" 2>&1 || {
        cat "$log" >&2
        return 1
    }
    rm -f "$log"
}

has_postgresql || install_package postgresql || {
    say 'the tests need a PostgreSQL server: install one, or set RELANCE_TEST_POSTGRES_URL' >&2
    exit 1
}

[[ -x ${RELANCE_TEST_CHROMIUM:-/usr/bin/chromium} ]] || install_package chromium || {
    say 'the tests need Chromium: install it, or name another one in RELANCE_TEST_CHROMIUM' >&2
    exit 1
}

while IFS= read -r -d '' manifest; do
    install_packages "$(dirname "$manifest")"
done < <(find tests web -name node_modules -prune -o -name package.json -print0)
