"""How a view answers: something was saved, or a file goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import SEEK_END, BytesIO
from typing import IO, Any

from flask import Response, current_app, flash, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from eom.core import images
from eom.core.errors import AppError, InvalidInput
from eom.core.i18n import lazy
from eom.core.listing import ListDefinition
from eom.core.storage import bare_name
from eom.extensions import db
from eom.web import reading
from eom.web.forms import BaseForm
from eom.web.security import DATA_POLICY

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def saved(to: str, message: Any) -> BaseResponse:
    """Commit, say so on the next page, and go there. The only commit in the browser's way."""
    db.session.commit()
    flash(str(message), "success")
    return redirect(to, 303)


def filled(
    form: BaseForm, act: Callable[..., Any], to: str, message: Any, template: str, **shown: Any
) -> Any:
    """The page of a form. What was sent is done, ``act`` taking what was typed by name, and said on the page ``to``;
    what is wrong with it is shown on the form. ``shown`` is what else the page shows."""
    if form.validate_on_submit():
        with form.shows_errors():
            act(**form.payload())
            return saved(to, message)
    return render_template(template, form=form, **shown), form.status


def committed(response: Any) -> Any:
    """Commit before a machine is answered (OpenRosa, JSON, a fragment of htmx)."""
    db.session.commit()
    return response


def told(response: Any, message: Any) -> Any:
    """Say something on the next page without having changed anything."""
    flash(str(message), "info")
    return response


def attachment(data: bytes, name: str, content_type: str) -> Response:
    """Bytes as a file to keep; never shown by the browser itself. That they go out is told in the trail."""
    _tell("stored_files", None, name, size=len(data))
    return _file(data, name, content_type)


def _tell(object_type: str, object_id: str | None, name: str, **facts: Any) -> None:
    """Say in the audit trail what goes out on a GET; whoever answers a POST records it with the rest."""
    if request.method == "GET":
        reading.exported(object_type, object_id, bare_name(name), path=request.path, **facts)


def _file(data: bytes, name: str, content_type: str) -> Response:
    answer = send_file(
        BytesIO(data), mimetype=content_type, as_attachment=True, download_name=bare_name(name)
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = DATA_POLICY
    return answer


def streamed(file: IO[bytes], name: str, content_type: str) -> Response:
    """An open file, read as it goes out and closed then. Whoever answers records that it goes out."""
    answer = send_file(file, mimetype=content_type, as_attachment=True, download_name=bare_name(name))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = DATA_POLICY
    answer.content_length = file.seek(0, SEEK_END)
    file.seek(0)
    return answer


def download(definition: ListDefinition, name: str) -> Response | None:
    """The list as it stands as a file, when the address asks for one (?format=csv or xlsx)."""
    kind = request.args.get("format")
    if not kind:
        return None
    rows = definition.all_rows(db.session(), request.args)
    return table_file(rows, name, kind)


def listed(definition: ListDefinition, name: str, template: str, **shown: Any) -> Any:
    """A list as its page, or as the file that the address asks for; ``shown`` is what else the page shows."""
    if (file := download(definition, name)) is not None:
        return file
    listing = definition.show(db.session(), request.path, request.args)
    return render_template(template, listing=listing, **shown)


def table_file(rows: Iterable[list[Any]], name: str, kind: str) -> Response:
    """Rows (headings first) as a csv or xlsx file. Raises InvalidInput for another kind."""
    from eom.core import spreadsheets

    out, counted = BytesIO(), _Counted(rows)
    if kind == "csv":
        spreadsheets.write_csv(counted, out)
        content_type = "text/csv; charset=utf-8"
    elif kind == "xlsx":
        spreadsheets.write_xlsx(counted, out)
        content_type = XLSX
    else:
        raise InvalidInput(
            lazy("“%(kind)s” is no format of a download: csv or xlsx was expected.", kind=kind[:20])
        )
    facts = {"rows": max(counted.count - 1, 0), "filters": reading.narrowing()}
    _tell("lists", name, f"{name}.{kind}", format=kind, **facts)
    return _file(out.getvalue(), f"{name}.{kind}", content_type)


class _Counted:
    """Rows that are counted as they are written."""

    def __init__(self, rows: Iterable[list[Any]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[list[Any]]:
        for row in self.rows:
            self.count += 1
            yield row


def picture(digest: str, name: str, content_type: str) -> Response:
    """A stored picture as a download, without what it says of its place and device; the original stays.

    A picture that cannot be made anew goes out as bytes that no program opens by itself.
    """
    data = store().get(digest)
    if content_type in ("image/jpeg", "image/png"):
        try:
            made = images.cleaned(data)
            return attachment(made.data, name, made.content_type)
        except AppError:
            content_type = "application/octet-stream"
    return attachment(data, name, content_type)


def store() -> Any:
    """The store of files of this application."""
    return current_app.extensions["eom_store"]
