#!/usr/bin/env bash
# The demonstration: migrates, loads it once, starts the background worker and the server.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" PYTHONWARNINGS=ignore
export EOM_DEMONSTRATION=1
# So that every invented account opens with its password alone; a real installation asks for a second step.
export EOM_SECOND_FACTOR_ROLES=${EOM_SECOND_FACTOR_ROLES:-none}
PORT=${PORT:-8000}
flask() { command flask --app wsgi "$@"; }

# Two servers would share the port without a word, and each know only its own people.
if ! python -c 'import socket, sys; socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()' "$PORT" 2>/dev/null; then
  echo "Port $PORT is in use: stop what runs there, or choose another: PORT=8001 make run" >&2
  exit 1
fi

echo "Preparing the database…"
flask db upgrade 2>&1 | { grep -v '^INFO' || true; }
flask demo load
flask demo signins
flask jobs work --workers 1 >>"${EOM_INSTANCE:-instance}/worker.log" 2>&1 &
worker=$!
trap 'kill $worker 2>/dev/null || true' EXIT
echo
echo "Open http://127.0.0.1:$PORT"
EOM_WARM=1 granian --interface wsgi --host 127.0.0.1 --port "$PORT" --workers 2 --blocking-threads 4 --backpressure 64 \
  --log-level warning --respawn-failed-workers wsgi:app
