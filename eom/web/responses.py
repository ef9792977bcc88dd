"""How a view answers: something was saved, or a file goes out."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import Response, current_app, flash, redirect, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.core.listing import ListDefinition
from eom.extensions import db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def saved(to: str, message: Any) -> BaseResponse:
    """Commit, say so on the next page, and go there. The only commit in the browser's way."""
    db.session.commit()
    flash(str(message), "success")
    return redirect(to, 303)


def committed(response: Any) -> Any:
    """Commit before a machine is answered (OpenRosa, JSON, a fragment of htmx)."""
    db.session.commit()
    return response


def attachment(data: bytes, name: str, content_type: str) -> Response:
    """Bytes as a file to keep; never shown by the browser itself."""
    answer = send_file(BytesIO(data), mimetype=content_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def download(definition: ListDefinition, name: str) -> Response | None:
    """The list as it stands as a file, when the address asks for one (?format=csv or xlsx)."""
    kind = request.args.get("format")
    if not kind:
        return None
    rows = definition.all_rows(db.session(), request.args)
    return table_file(rows, name, kind)


def table_file(rows: Iterable[list[Any]], name: str, kind: str) -> Response:
    """Rows (headings first) as a csv or xlsx file. Raises InvalidInput for another kind."""
    from eom.core import spreadsheets

    out = BytesIO()
    if kind == "csv":
        spreadsheets.write_csv(rows, out)
        return attachment(out.getvalue(), f"{name}.csv", "text/csv; charset=utf-8")
    if kind == "xlsx":
        spreadsheets.write_xlsx(rows, out)
        return attachment(out.getvalue(), f"{name}.xlsx", XLSX)
    raise InvalidInput(
        lazy("“%(kind)s” is no format of a download: csv or xlsx was expected.", kind=kind[:20])
    )


def store() -> Any:
    """The store of files of this application."""
    return current_app.extensions["eom_store"]
