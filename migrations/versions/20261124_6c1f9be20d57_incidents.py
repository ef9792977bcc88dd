"""A form may be about a critical incident."""

import sqlalchemy as sa
from alembic import op

revision = "6c1f9be20d57"
down_revision = "3d7e51ab90c4"
branch_labels = None
depends_on = None

BEFORE = ("opening", "voting", "closing", "counting", "other")
AFTER = ("opening", "voting", "closing", "counting", "incident", "other")


def upgrade():
    _allow(BEFORE, AFTER)


def downgrade():
    op.execute("UPDATE forms SET kind = 'other' WHERE kind = 'incident'")
    _allow(AFTER, BEFORE)


def _allow(before, after):
    """Let the kind of a form be one of others."""
    if op.get_bind().dialect.name == "sqlite":
        # SQLite keeps a constraint for the life of its table, which is copied into one with the other.
        with op.batch_alter_table("forms", copy_from=_forms(before), recreate="always") as batch_op:
            batch_op.alter_column(
                "kind", existing_type=_kind(before), type_=_kind(after), existing_nullable=False
            )
        return
    name = op.f("ck_forms_form_kind")
    op.drop_constraint(name, "forms", type_="check")
    values = ", ".join(f"'{each}'" for each in after)
    op.create_check_constraint(name, "forms", f"kind IN ({values})")


def _kind(values):
    return sa.Enum(*values, name="form_kind", native_enum=False, create_constraint=True, length=40)


def _forms(kinds):
    return sa.Table(
        "forms",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=255), nullable=False),
        sa.Column("kind", _kind(kinds), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name="fk_forms_mission_id"),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.UniqueConstraint("mission_id", "form_id", name="uq_forms_mission_id_form_id"),
        sa.Index("ix_forms_mission_id", "mission_id"),
    )
