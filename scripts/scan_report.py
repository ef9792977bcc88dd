"""Prints what wapiti found for a role, a line a finding: scan_report.py ROLE REPORT."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(role: str, report: str) -> None:
    """One line a finding, and one that counts what was looked at."""
    path = Path(report)
    if not path.exists():
        print(f"{role}: no report")
        return
    found = json.loads(path.read_text())
    for kind in ("vulnerabilities", "anomalies"):
        for name, each in found[kind].items():
            for finding in each:
                print(f"{role}: {name}: {finding['method']} {finding['path']} {finding.get('parameter') or ''}: {finding['info'][:160]}")
    print(f"{role}: {found['infos'].get('crawled_pages_nbr')} pages looked at")


if __name__ == "__main__":
    main(*sys.argv[1:3])
