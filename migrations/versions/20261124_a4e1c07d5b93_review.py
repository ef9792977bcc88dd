"""What reviewers decided and said about submissions."""

import sqlalchemy as sa
from alembic import op

revision = "a4e1c07d5b93"
down_revision = "6c1f9be20d57"
branch_labels = None
depends_on = None

STATES = ("received", "checked", "approved", "rejected", "to_correct")


def upgrade():
    op.create_table(
        "review_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _state("submission_state"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_review_batches_mission_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_review_batches_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_batches")),
    )
    op.create_index(op.f("ix_review_batches_mission_id"), "review_batches", ["mission_id"])
    op.create_table(
        "review_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("from_state", _state("from_state"), nullable=False),
        sa.Column("to_state", _state("to_state"), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("is_undo", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_review_acts_submission_id")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["review_batches.id"], name=op.f("fk_review_acts_batch_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_review_acts_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_acts")),
    )
    op.create_index(op.f("ix_review_acts_submission_id"), "review_acts", ["submission_id"])
    op.create_index(op.f("ix_review_acts_batch_id"), "review_acts", ["batch_id"])


def downgrade():
    op.drop_table("review_acts")
    op.drop_table("review_batches")


def _state(name):
    return sa.Enum(*STATES, name=name, native_enum=False, create_constraint=True, length=40)
