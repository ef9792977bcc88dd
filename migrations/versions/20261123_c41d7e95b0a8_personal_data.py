"""Sealed dossiers of people, signed pledges, the day a mission was closed, people made anonymous."""

import sqlalchemy as sa
from alembic import op

revision = "c41d7e95b0a8"
down_revision = "5e3bb2120cd4"
branch_labels = None
depends_on = None

SEALED = (
    "passport_number", "passport_country", "passport_expires_on", "birth_date", "blood_type", "medical_notes",
    "emergency_name", "emergency_relation", "emergency_phone",
)  # fmt: skip
# The day the money was closed, else the day the mission was to end; unknown where neither is.
CLOSED_ON = """
    UPDATE missions SET closed_on = COALESCE(
        (SELECT MAX(done_on) FROM milestones
         WHERE milestones.mission_id = missions.id AND milestones.kind = 'financial_closing'),
        ends_on)
    WHERE stage IN ('closed', 'cancelled')
"""


def upgrade():
    with op.batch_alter_table("missions") as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
    op.execute(CLOSED_ON)
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "person_dossiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in SEALED),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_dossiers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_dossiers")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_dossiers_person_id")),
    )
    op.create_table(
        "pledges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_name", sa.String(length=200), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_pledges_appointment_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pledges_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledges")),
        sa.UniqueConstraint(
            "appointment_id", "text_version", name=op.f("uq_pledges_appointment_id_text_version")
        ),
    )
    with op.batch_alter_table("pledges") as batch_op:
        batch_op.create_index(batch_op.f("ix_pledges_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pledges_user_id"), ["user_id"], unique=False)


def downgrade():
    op.drop_table("pledges")
    op.drop_table("person_dossiers")
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("anonymised_at")
    with op.batch_alter_table("missions") as batch_op:
        batch_op.drop_column("closed_on")
