"""An approved budget is final: the database itself keeps its version and its lines as they were approved."""

from __future__ import annotations

import sqlalchemy as sa

from eom.finance.models.budget import BudgetLine, BudgetVersion

VERSION = "an approved budget never changes: a revision makes the next one"
LINES = "lines of a budget change only while it is a draft"
STATUS = "SELECT status FROM budget_versions WHERE id"


def statements(dialect: str) -> list[tuple[str, str]]:
    """(table, statement) of each lock, for ``sqlite`` or ``postgresql``; the migration holds the same text."""
    return _of_sqlite() if dialect == "sqlite" else _of_postgresql()


def _of_sqlite() -> list[tuple[str, str]]:
    found = [
        ("budget_versions", f"CREATE TRIGGER budget_versions_no_{verb} BEFORE {verb} ON budget_versions "
         f"WHEN OLD.status = 'approved' BEGIN SELECT RAISE(ABORT, '{VERSION}'); END")
        for verb in ("update", "delete")
    ]  # fmt: skip
    for verb, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
        guard = f"CREATE TRIGGER budget_lines_no_{verb} BEFORE {verb} ON budget_lines WHEN "
        refusal = f"BEGIN SELECT RAISE(ABORT, '{LINES}'); END"
        found.append(("budget_lines", f"{guard}({STATUS} = {row}.version_id) <> 'draft' {refusal}"))
    return found


def _of_postgresql() -> list[tuple[str, str]]:
    return [
        ("budget_versions", "CREATE OR REPLACE FUNCTION refuse_budget_versions() RETURNS trigger LANGUAGE plpgsql AS "
         f"$$ BEGIN RAISE EXCEPTION '{VERSION}'; END $$"),
        ("budget_versions", "CREATE TRIGGER budget_versions_final BEFORE UPDATE OR DELETE ON budget_versions "
         "FOR EACH ROW WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_budget_versions()"),
        ("budget_lines", "CREATE OR REPLACE FUNCTION refuse_budget_lines() RETURNS trigger LANGUAGE plpgsql AS "
         "$$ DECLARE touched integer; BEGIN "
         "IF TG_OP = 'INSERT' THEN touched := NEW.version_id; ELSE touched := OLD.version_id; END IF; "
         "IF (" + STATUS + " = touched) <> 'draft' THEN "
         "RAISE EXCEPTION '" + LINES + "'; END IF; "
         "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"),
        ("budget_lines", "CREATE TRIGGER budget_lines_final BEFORE INSERT OR UPDATE OR DELETE ON budget_lines "
         "FOR EACH ROW EXECUTE FUNCTION refuse_budget_lines()"),
    ]  # fmt: skip


for _dialect in ("sqlite", "postgresql"):
    for _name, _text in statements(_dialect):
        _model = BudgetVersion if _name == "budget_versions" else BudgetLine
        _ddl = sa.DDL(_text.replace("%", "%%")).execute_if(dialect=_dialect)
        sa.event.listen(_model.__table__, "after_create", _ddl)
