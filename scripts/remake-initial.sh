#!/usr/bin/env bash
# Before the first release only: writes the one initial migration anew from the models.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rm -f migrations/versions/*.py
EOM_INSTANCE=$folder PYTHONWARNINGS=ignore .venv/bin/flask --app wsgi db migrate -m "The first tables" --rev-id 5b0e7c1d2a94 >/dev/null
sed -i '/# ### /d' migrations/versions/*.py
EOM_INSTANCE=$folder .venv/bin/python - <<'P'
from pathlib import Path
from eom import create_app
create_app()
try:
    from eom.finance import final
except ImportError:
    raise SystemExit
print("triggers: see eom/finance/final.py", [n for n in dir(final) if not n.startswith("__")])
P
