#!/usr/bin/env bash
# Every check that reads the code without running it. All run; the first failure is the verdict.
cd "$(dirname "$0")/.." || exit 1
export PATH="$PWD/.venv/bin:$PATH"
verdict=0
check() { echo "· $1"; shift; "$@" || verdict=1; }
check "ruff" ruff check eom tests benchmarks wsgi.py
check "ruff format" ruff format --check --quiet eom tests wsgi.py
check "mypy" mypy --no-error-summary eom
check "import-linter" lint-imports --no-logo
check "bandit" bandit --quiet --severity-level medium --configfile pyproject.toml --recursive eom
check "pip-audit" bash scripts/audit_packages.sh
check "djLint" djlint --lint --quiet templates
exit $verdict
