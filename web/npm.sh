#!/usr/bin/env bash
# Runs npm scripts of the web app, with the Node.js and the packages they need: `bash web/npm.sh build`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=web/node.sh
source web/node.sh

install_packages web
for script in "$@"; do
    (cd web && npm run --silent "$script")
done
