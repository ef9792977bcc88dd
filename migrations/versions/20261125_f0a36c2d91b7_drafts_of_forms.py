"""Drafts of forms, files that belong to a version, forms and versions that are closed."""

import json

import sqlalchemy as sa
from alembic import op

revision = "f0a36c2d91b7"
down_revision = "b209e04d5e2e"
branch_labels = None
depends_on = None

KINDS = ("opening", "voting", "closing", "counting", "incident", "other")
OWN = ("stations.csv", "contenders.csv")


def upgrade():
    op.add_column("forms", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("form_versions", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "form_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="form_kind", native_enum=False, create_constraint=True, length=40)),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("version", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("xform", sa.LargeBinary(), nullable=False),
        sa.Column("workbook_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_form_drafts_mission_id")),
        sa.ForeignKeyConstraint(["workbook_id"], ["stored_files.id"], name=op.f("fk_form_drafts_workbook_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_form_drafts_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint("mission_id", "form_id", name=op.f("uq_form_drafts_mission_id_form_id")),
    )
    op.create_index(op.f("ix_form_drafts_mission_id"), "form_drafts", ["mission_id"])
    op.create_table(
        "form_version_files",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["form_versions.id"], name=op.f("fk_form_version_files_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_files.id"], name=op.f("fk_form_version_files_stored_file_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_form_version_files")),
    )
    _give_versions_their_files()


def downgrade():
    op.drop_table("form_version_files")
    op.drop_table("form_drafts")
    op.drop_column("form_versions", "closed_at")
    op.drop_column("forms", "closed_at")


def _give_versions_their_files():
    """What was published keeps the files that devices have been given with it."""
    connection = op.get_bind()
    kept = {
        (mission_id, name): file_id
        for mission_id, name, file_id in connection.execute(
            sa.text("SELECT mission_id, name, stored_file_id FROM form_files")
        )
    }
    rows = connection.execute(
        sa.text("SELECT v.id, f.mission_id, v.media FROM form_versions v JOIN forms f ON f.id = v.form_id")
    ).all()
    for version_id, mission_id, media in rows:
        for name in json.loads(media) if isinstance(media, str) else media:
            if name not in OWN and (mission_id, name) in kept:
                connection.execute(
                    sa.text("INSERT INTO form_version_files VALUES (:version, :name, :file)"),
                    {"version": version_id, "name": name, "file": kept[mission_id, name]},
                )
