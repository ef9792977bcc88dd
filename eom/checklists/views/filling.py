"""The page on which a form is filled with ODK Web Forms, and what its policy must allow."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask import render_template
from flask_wtf.csrf import generate_csrf

from eom.checklists.models.form import FormDraft, FormVersion
from eom.checklists.views import form_words
from eom.core import i18n
from eom.missions.models.mission import Mission
from eom.web import security


def allow_web_forms() -> None:
    """Widen the policy of this answer by what ODK Web Forms needs, and no further.

    Styles it writes carry the nonce; its expressions run as WebAssembly; pictures just taken are blobs.
    """
    nonce = f"'nonce-{security.csp_nonce()}'"
    security.allow(
        script_src=["'wasm-unsafe-eval'"], style_src=[nonce], img_src=["blob:", "data:"], worker_src=["blob:", "data:"],
        font_src=["data:"],
    )  # fmt: skip


def page(
    mission: Mission,
    version: FormVersion | FormDraft,
    *,
    heading: str,
    above: tuple[str, str],
    form: str,
    attachments: str,
    submission: str,
    back: str,
    lede: str = "",
    answers: Mapping[str, str] | None = None,
    instance: str = "",
    files: Mapping[str, str] | None = None,
) -> str:
    """A form to fill. ``form`` is the address of its XForm, ``attachments`` that of one of its files; without ``submission`` nothing is sent.

    ``answers`` are known beforehand, by name; ``instance`` is the address of a report that is corrected, and
    ``files`` those of its files by name.
    """
    allow_web_forms()
    return render_template(
        "checklists/fill.html", mission=mission, version=version, heading=heading, lede=lede, above=above,
        form_url=form, attachments_url=attachments.rsplit("/", 1)[0], submission_url=submission, return_url=back,
        answers=json.dumps(dict(answers or {})), words=form_words.words(), language=i18n.language(),
        token=generate_csrf(), token_header=security.TOKEN_HEADER,
        instance_url=instance, files=json.dumps(dict(files or {})),
    )  # fmt: skip
