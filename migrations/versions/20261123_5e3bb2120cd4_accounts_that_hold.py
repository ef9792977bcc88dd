"""Accounts that hold: second factors, sessions, invitations, memberships with days, donors and areas."""

import sqlalchemy as sa
from alembic import op


revision = "5e3bb2120cd4"
down_revision = "7d3f0a91c6e2"
branch_labels = None
depends_on = None

OLD_ROLES = ("administrator", "headquarters", "chief", "deputy", "coordinator", "observer", "finance", "auditor")
ROLES = (*OLD_ROLES[:-1], "finance_reviewer", "auditor", "donor_viewer")


def checks(roles):
    """(name, text) of the checks of memberships."""
    names = ", ".join(f"'{each}'" for each in roles)
    found = [("ck_memberships_role", f"role IN ({names})")]
    if roles == ROLES:
        found += [
            (
                "ck_memberships_dates_in_order",
                "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            ),
            (
                "ck_memberships_donor_viewers_have_a_donor",
                "(donor_id IS NOT NULL AND mission_id IS NULL) = (role = 'donor_viewer')",
            ),
        ]
    return found


def replace_checks(old, new):
    """In a batch of its own, when the columns that the checks name are there (or still are)."""
    with op.batch_alter_table("memberships") as batch_op:
        for name, _text in old:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        for name, text in new:
            batch_op.create_check_constraint(batch_op.f(name), sa.text(text))


def upgrade():
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_at", ["at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_key_at", ["key", "at"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "recovery",
                name="invitation_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_invitations_made_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_invitations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_invitations_token_sha256")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=True),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("device", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_sessions_token_sha256")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "membership_areas",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["areas.id"], name=op.f("fk_membership_areas_area_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["memberships.id"],
            name=op.f("fk_membership_areas_membership_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("membership_id", "area_id", name=op.f("pk_membership_areas")),
    )
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("donor_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_memberships_user_id_mission_id_role"), type_="unique")
        batch_op.create_index(batch_op.f("ix_memberships_donor_id"), ["donor_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_memberships_user_id_mission_id_role_donor_id"),
            ["user_id", "mission_id", "role", "donor_id"],
        )
        batch_op.create_foreign_key(batch_op.f("fk_memberships_donor_id"), "donors", ["donor_id"], ["id"])

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tf_primary_method", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("tf_totp_secret", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("tf_phone_number", sa.String(length=128), nullable=True))
        batch_op.add_column(sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True))
        batch_op.add_column(sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_users_fs_webauthn_user_handle"), ["fs_webauthn_user_handle"]
        )
    replace_checks(checks(OLD_ROLES)[:1], checks(ROLES))


def downgrade():
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_users_fs_webauthn_user_handle"), type_="unique")
        batch_op.drop_column("fs_webauthn_user_handle")
        batch_op.drop_column("mf_recovery_codes")
        batch_op.drop_column("tf_phone_number")
        batch_op.drop_column("tf_totp_secret")
        batch_op.drop_column("tf_primary_method")
        batch_op.drop_column("password_set_at")

    op.drop_table("membership_areas")
    op.execute("DELETE FROM memberships WHERE role IN ('finance_reviewer', 'donor_viewer')")
    replace_checks(checks(ROLES), [])
    with op.batch_alter_table("memberships") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_memberships_donor_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_memberships_user_id_mission_id_role_donor_id"), type_="unique"
        )
        batch_op.drop_index(batch_op.f("ix_memberships_donor_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_memberships_user_id_mission_id_role"), ["user_id", "mission_id", "role"]
        )
        batch_op.drop_column("donor_id")
        batch_op.drop_column("ends_on")
        batch_op.drop_column("starts_on")
    replace_checks([], checks(OLD_ROLES))

    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_sessions_user_id"))

    op.drop_table("sign_in_sessions")
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkeys_user_id"))

    op.drop_table("passkeys")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_user_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_key_at")
        batch_op.drop_index("ix_sign_in_failures_at")

    op.drop_table("sign_in_failures")
