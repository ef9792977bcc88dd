"""Reports come by SMS: gateways, the letters of forms, messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5be2d81c07fa"
down_revision = 'f0a36c2d91b7'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sms_gateways",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("telerivet", "twilio", "kannel", name="gateway_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address_sha256", sa.String(length=64), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=True),
        sa.Column("auth_token", sa.Text(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "secret_sha256 IS NOT NULL OR auth_token IS NOT NULL", name=op.f("ck_sms_gateways_has_secret")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_sms_gateways_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_gateways")),
        sa.UniqueConstraint("address_sha256", name=op.f("uq_sms_gateways_address_sha256")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_sms_gateways_mission_id_name")),
    )
    op.create_index(op.f("ix_sms_gateways_mission_id"), "sms_gateways", ["mission_id"], unique=False)
    op.create_table(
        "sms_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("keyword", sa.String(length=12), nullable=False),
        sa.Column("signs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_sms_plans_form_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_sms_plans_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_plans")),
        sa.UniqueConstraint("form_id", name=op.f("uq_sms_plans_form_id")),
        sa.UniqueConstraint("mission_id", "keyword", name=op.f("uq_sms_plans_mission_id_keyword")),
    )
    op.create_table(
        "sms_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("gateway_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("corrected_text", sa.Text(), nullable=True),
        sa.Column("said", sa.String(length=500), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "unread", "kept", "answered", "set_aside", name="message_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_sms_messages_appointment_id")
        ),
        sa.ForeignKeyConstraint(["gateway_id"], ["sms_gateways.id"], name=op.f("fk_sms_messages_gateway_id")),
        sa.ForeignKeyConstraint(["handled_by_id"], ["users.id"], name=op.f("fk_sms_messages_handled_by_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_sms_messages_mission_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_sms_messages_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_messages")),
        sa.UniqueConstraint("gateway_id", "message_id", name=op.f("uq_sms_messages_gateway_id_message_id")),
    )
    for name, columns in (
        ("ix_sms_messages_appointment_id", ["appointment_id"]),
        ("ix_sms_messages_submission_id", ["submission_id"]),
        ("ix_sms_messages_queue", ["mission_id", "state", "received_at"]),
    ):
        op.create_index(name, "sms_messages", columns, unique=False)
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by_sms", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_column("by_sms")
    for name in ("sms_messages", "sms_plans", "sms_gateways"):
        op.drop_table(name)
