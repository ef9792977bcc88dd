"""The routes of the application as text: ``python -m tests.rules.routes`` prints what routes.txt must hold."""

from __future__ import annotations

from flask import Flask

NOT_OURS = ("security.", "static")


def lines(app: Flask) -> list[str]:
    """One line a rule: methods, address, endpoint, permission (or why it needs none)."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(NOT_OURS) and not rule.endpoint.startswith("stations"):
            continue
        declared = app.view_functions[rule.endpoint].access
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"})) or "HEAD"
        need = declared.permission or f"({declared.reason})"
        found.append(
            f"{methods:<9} {rule.rule}  {rule.endpoint}  {need}{' anywhere' if declared.anywhere else ''}"
        )
    return sorted(found, key=lambda line: line.split()[1:])


if __name__ == "__main__":
    import tempfile
    from pathlib import Path

    from eom import create_app
    from eom.settings import Settings

    folder = Path(tempfile.mkdtemp())
    application = create_app(
        Settings(database_url="sqlite://", secret_key="k" * 40, password_salt="s" * 20, instance=folder)
    )
    print("\n".join(lines(application)))
