"""Who may do what, as the code has it."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template

from eom.accounts.permission_words import NOUNS
from eom.accounts.permissions import ROLES, Permission, Role
from eom.web.access import signed_in

bp = Blueprint("roles", __name__)


@bp.get("/roles")
@signed_in("it shows the policy of the code, nothing of anybody")
def index() -> str:
    """The matrix of roles and permissions."""
    grouped = groupby(Permission, key=lambda each: each.value.split(".")[0])
    groups = [(NOUNS[noun], list(permissions)) for noun, permissions in grouped]
    return render_template("portal/roles.html", roles=list(Role), groups=groups, matrix=ROLES)
