#!/usr/bin/env bash
# What the tests need besides: Python packages, Chromium and LibreOffice from Debian where allowed.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=$(sha256sum requirements-dev.txt | cut -c1-16)
if [ ! -f ".venv/.setup-dev-$stamp" ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
  touch ".venv/.setup-dev-$stamp"
fi
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
# Writer may be missing where Calc is there.
ls /usr/lib/libreoffice/program/libswlo.so >/dev/null 2>&1 || missing+=(libreoffice-writer-nogui)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} from Debian…"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "The tests need ${missing[*]}: install them with apt-get install ${missing[*]}" >&2
    [ "${CI:-}" != true ] || exit 1
  fi
fi
