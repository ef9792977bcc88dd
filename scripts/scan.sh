#!/usr/bin/env bash
# An independent scanner (wapiti3) over the running demonstration, signed in as each role in turn.
# Takes its tools into .venv-scan; writes a line a finding to standard output. SECONDS_EACH bounds each role.
set -euo pipefail
cd "$(dirname "$0")/.."
PORT=${PORT:-8765}
SECONDS_EACH=${SECONDS_EACH:-240}
ROLES=${ROLES:-nobody administrator headquarters chief deputy coordinator observer finance finance_reviewer auditor donor_viewer}
place=$(mktemp -d)
[ -x .venv-scan/bin/wapiti ] || { python3 -m venv .venv-scan && .venv-scan/bin/pip install --quiet wapiti3==3.2.3; }
export PATH="$PWD/.venv/bin:$PATH" PYTHONWARNINGS=ignore EOM_INSTANCE="$place" EOM_DEMONSTRATION=1 EOM_SECOND_FACTOR_ROLES=none
flask --app wsgi db upgrade >/dev/null 2>&1
flask --app wsgi demo load >/dev/null
granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --log-level error wsgi:app >"$place/server.log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$place"' EXIT
until curl -sf -o /dev/null "http://127.0.0.1:$PORT/login"; do sleep 0.3; done
for role in $ROLES; do
  PYTHONPATH=. python scripts/scan_session.py "$role" "http://127.0.0.1:$PORT" >"$place/$role.json"
  .venv-scan/bin/wapiti -u "http://127.0.0.1:$PORT/" -c "$place/$role.json" --scope folder --flush-session \
    -m common --max-scan-time "$SECONDS_EACH" --max-attack-time 30 --max-links-per-page 60 --depth 4 \
    -x "http://127.0.0.1:$PORT/logout" -x "http://127.0.0.1:$PORT/account/sessions/*" \
    -x "http://127.0.0.1:$PORT/users/*/deactivate" -f json -o "$place/$role.report" --no-bugreport >"$place/$role.log" 2>&1 || true
  python scripts/scan_report.py "$role" "$place/$role.report"
done
grep -c "Traceback" "$place/server.log" | sed 's/^/tracebacks in the log of the server: /' || echo "tracebacks in the log of the server: 0"
