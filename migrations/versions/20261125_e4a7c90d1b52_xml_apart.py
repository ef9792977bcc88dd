"""The XML of submissions has a table of its own; lists and charts count, sort and narrow by indexes alone."""

import sqlalchemy as sa
from alembic import op

revision = "e4a7c90d1b52"
down_revision = "2f9c04b7e1a6"
branch_labels = None
depends_on = None

NARROW = ["mission_id", "is_current", "received_at", "state", "submitted_by_id", "polling_station_id"]
WIDE = [
    "mission_id", "is_current", "received_at", "id", "state", "form_id", "flag_count", "submitted_by_id",
    "polling_station_id",
]  # fmt: skip
OF_FORM = ["form_id", "is_current", "id", "state", "polling_station_id", "round_id"]


def upgrade():
    op.create_table(
        "submission_documents",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_documents_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_documents")),
    )
    op.execute("INSERT INTO submission_documents (submission_id, xml) SELECT id, xml FROM submissions")
    with op.batch_alter_table("submissions") as batch_op:
        batch_op.drop_column("xml")
    for name in ("received", "form_version_id", "round_id", "submitted_by_id"):
        op.drop_index(f"ix_submissions_{name}", "submissions")
    op.create_index("ix_submissions_received", "submissions", WIDE)
    op.create_index("ix_submissions_of_form", "submissions", OF_FORM)
    op.create_index(
        "ix_submissions_submitted_by_id", "submissions", ["submitted_by_id", "mission_id", "is_current"]
    )
    _written_anew()


def downgrade():
    for name in ("received", "of_form", "submitted_by_id"):
        op.drop_index(f"ix_submissions_{name}", "submissions")
    op.create_index("ix_submissions_received", "submissions", NARROW)
    for name in ("form_version_id", "round_id", "submitted_by_id"):
        op.create_index(f"ix_submissions_{name}", "submissions", [name])
    with op.batch_alter_table("submissions") as batch_op:
        batch_op.add_column(sa.Column("xml", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE submissions SET xml = "
        "(SELECT xml FROM submission_documents WHERE submission_id = submissions.id)"
    )
    with op.batch_alter_table("submissions") as batch_op:
        batch_op.alter_column("xml", existing_type=sa.LargeBinary(), nullable=False)
    op.drop_table("submission_documents")


def _written_anew():
    """Make room on PostgreSQL, which keeps the bytes of a column that was dropped. SQLite has copied the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CLUSTER submissions USING pk_submissions")
        op.execute("ALTER TABLE submissions SET WITHOUT CLUSTER")
