#!/usr/bin/env bash
# Takes the texts out of the code and brings the catalogues up to date. What is new has no translation yet.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
template=$(mktemp)
trap 'rm -f "$template"' EXIT
pybabel --quiet extract -F babel.cfg -k _ -k lazy -k ngettext:1,2 --sort-output --no-location \
  --project=eom -o "$template" .
for language in es fr pt; do
  po=translations/$language/LC_MESSAGES/messages.po
  if [ -f "$po" ]; then
    pybabel --quiet update -l "$language" -i "$template" -o "$po" --no-fuzzy-matching --ignore-obsolete --width=110
  else
    mkdir -p "$(dirname "$po")"
    pybabel --quiet init -l "$language" -i "$template" -o "$po" --width=110
  fi
  # What changes with every run says nothing, and would be a change in every commit.
  sed -i -E '/^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By|Project-Id-Version):/d' "$po"
  pybabel --quiet compile -i "$po" -o "${po%.po}.mo"
done
