"""Pledges are records of their own; donors have contacts; agreements have instalments, amendments, papers."""

import sqlalchemy as sa
from alembic import op


revision = "a904ec82fad9"
down_revision = "e7d4b80c19a5"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("text_es", sa.Text(), nullable=True),
        sa.Column("text_fr", sa.Text(), nullable=True),
        sa.Column("text_pt", sa.Text(), nullable=True),
        sa.Column("how_en", sa.Text(), nullable=True),
        sa.Column("how_es", sa.Text(), nullable=True),
        sa.Column("how_fr", sa.Text(), nullable=True),
        sa.Column("how_pt", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_appeals_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("mission_id", name=op.f("uq_appeals_mission_id")),
    )
    op.create_table(
        "donor_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donor_contacts_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_contacts")),
    )
    with op.batch_alter_table("donor_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_contacts_donor_id"), ["donor_id"], unique=False)

    op.create_table(
        "donor_pledges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("usd_cents", sa.BigInteger(), nullable=True),
        sa.Column("pledged_on", sa.Date(), nullable=True),
        sa.Column(
            "manner",
            sa.Enum(
                "letter",
                "note",
                "conference",
                "public",
                "spoken",
                "other",
                name="pledge_manner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("paper", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "agreed",
                "withdrawn",
                "lapsed",
                name="pledge_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('withdrawn', 'lapsed') OR ended_because IS NOT NULL",
            name=op.f("ck_donor_pledges_an_end_has_its_reason"),
        ),
        sa.CheckConstraint(
            "amount_cents IS NULL OR amount_cents > 0", name=op.f("ck_donor_pledges_amount_is_above_zero")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_donor_pledges_currency_has_three_letters")),
        sa.ForeignKeyConstraint(["donor_id"], ["donors.id"], name=op.f("fk_donor_pledges_donor_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_donor_pledges_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_pledges")),
    )
    with op.batch_alter_table("donor_pledges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_pledges_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_pledges_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_pledges_pledged_on"), ["pledged_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_donor_pledges_state"), ["state"], unique=False)

    op.create_table(
        "award_amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("change_cents", sa.BigInteger(), nullable=False),
        sa.Column("change_usd_cents", sa.BigInteger(), nullable=False),
        sa.Column("ended_before_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "icr_before_percent", sa.Numeric(7, 4).with_variant(sa.String(40), "sqlite"), nullable=False
        ),
        sa.Column("icr_percent", sa.Numeric(7, 4).with_variant(sa.String(40), "sqlite"), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_amendments_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_amendments")),
        sa.UniqueConstraint("award_id", "reference", name=op.f("uq_award_amendments_award_id_reference")),
    )
    with op.batch_alter_table("award_amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_amendments_award_id"), ["award_id"], unique=False)

    op.create_table(
        "award_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "agreement",
                "amendment",
                "pledge",
                "report",
                "letter",
                "other",
                name="paper_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_documents_award_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_award_documents_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_documents")),
    )
    with op.batch_alter_table("award_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_documents_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_documents_file_id"), ["file_id"], unique=False)

    op.create_table(
        "award_instalments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(length=500), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_award_instalments_amount_is_above_zero")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_instalments_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_instalments")),
    )
    with op.batch_alter_table("award_instalments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_instalments_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_instalments_due_on"), ["due_on"], unique=False)

    op.create_table(
        "award_report_dues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "narrative",
                "financial",
                "interim",
                "final",
                "audit",
                name="report_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_report_dues_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_report_dues")),
        sa.UniqueConstraint(
            "award_id", "kind", "due_on", name=op.f("uq_award_report_dues_award_id_kind_due_on")
        ),
    )
    with op.batch_alter_table("award_report_dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_report_dues_award_id"), ["award_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_report_dues_due_on"), ["due_on"], unique=False)

    op.create_table(
        "pledge_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pledge_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("usd_cents", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "amount_cents IS NULL OR amount_cents > 0", name=op.f("ck_pledge_parts_amount_is_above_zero")
        ),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_pledge_parts_award_id")),
        sa.ForeignKeyConstraint(["pledge_id"], ["donor_pledges.id"], name=op.f("fk_pledge_parts_pledge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_parts")),
        sa.UniqueConstraint("award_id", name=op.f("uq_pledge_parts_award_id")),
    )
    with op.batch_alter_table("pledge_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_parts_pledge_id"), ["pledge_id"], unique=False)

    op.create_table(
        "instalment_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_instalment_receipts_amount_is_not_nil")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["award_instalments.id"], name=op.f("fk_instalment_receipts_instalment_id")
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["award_movements.id"], name=op.f("fk_instalment_receipts_movement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment_receipts")),
        sa.UniqueConstraint(
            "instalment_id", "movement_id", name=op.f("uq_instalment_receipts_instalment_id_movement_id")
        ),
    )
    with op.batch_alter_table("instalment_receipts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_instalment_receipts_instalment_id"), ["instalment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_instalment_receipts_movement_id"), ["movement_id"], unique=False)

    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("appropriation_year", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_awards_appropriation_year"), ["appropriation_year"], unique=False
        )
    _keep_pledges()
    _keep_contacts()
    _name_appropriations()
    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.drop_column("pledged_usd_cents")
        batch_op.drop_column("pledged_on")
        batch_op.drop_column("pledged_cents")
    with op.batch_alter_table("donors", schema=None) as batch_op:
        batch_op.drop_column("contact")


def downgrade():
    with op.batch_alter_table("donors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.VARCHAR(length=300), nullable=True))

    with op.batch_alter_table("awards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pledged_cents", sa.BIGINT(), nullable=True))
        batch_op.add_column(sa.Column("pledged_on", sa.DATE(), nullable=True))
        batch_op.add_column(sa.Column("pledged_usd_cents", sa.BIGINT(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_awards_appropriation_year"))
        batch_op.drop_column("appropriation_year")
        batch_op.drop_column("purpose")
    _put_back()

    with op.batch_alter_table("instalment_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instalment_receipts_movement_id"))
        batch_op.drop_index(batch_op.f("ix_instalment_receipts_instalment_id"))

    op.drop_table("instalment_receipts")
    with op.batch_alter_table("pledge_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pledge_parts_pledge_id"))

    op.drop_table("pledge_parts")
    with op.batch_alter_table("award_report_dues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_report_dues_due_on"))
        batch_op.drop_index(batch_op.f("ix_award_report_dues_award_id"))

    op.drop_table("award_report_dues")
    with op.batch_alter_table("award_instalments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_instalments_due_on"))
        batch_op.drop_index(batch_op.f("ix_award_instalments_award_id"))

    op.drop_table("award_instalments")
    with op.batch_alter_table("award_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_documents_file_id"))
        batch_op.drop_index(batch_op.f("ix_award_documents_award_id"))

    op.drop_table("award_documents")
    with op.batch_alter_table("award_amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_amendments_award_id"))

    op.drop_table("award_amendments")
    with op.batch_alter_table("donor_pledges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donor_pledges_state"))
        batch_op.drop_index(batch_op.f("ix_donor_pledges_pledged_on"))
        batch_op.drop_index(batch_op.f("ix_donor_pledges_mission_id"))
        batch_op.drop_index(batch_op.f("ix_donor_pledges_donor_id"))

    op.drop_table("donor_pledges")
    with op.batch_alter_table("donor_contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donor_contacts_donor_id"))

    op.drop_table("donor_contacts")
    op.drop_table("appeals")


AWARDS = sa.table(
    "awards",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", sa.Integer), ("donor_id", sa.Integer), ("mission_id", sa.Integer), ("fund", sa.String),
            ("currency", sa.String), ("pledged_cents", sa.BigInteger), ("pledged_usd_cents", sa.BigInteger),
            ("pledged_on", sa.Date), ("agreed_cents", sa.BigInteger), ("agreed_on", sa.Date), ("starts_on", sa.Date),
            ("appropriation_year", sa.Integer), ("is_demonstration", sa.Boolean),
            ("created_at", sa.DateTime(timezone=True)),
        )
    ),
)  # fmt: skip
PLEDGES = sa.table(
    "donor_pledges",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", sa.Integer), ("donor_id", sa.Integer), ("mission_id", sa.Integer), ("currency", sa.String),
            ("amount_cents", sa.BigInteger), ("usd_cents", sa.BigInteger), ("pledged_on", sa.Date),
            ("manner", sa.String), ("state", sa.String), ("is_demonstration", sa.Boolean),
            ("created_at", sa.DateTime(timezone=True)),
        )
    ),
)  # fmt: skip
PARTS = sa.table(
    "pledge_parts",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("pledge_id", sa.Integer), ("award_id", sa.Integer), ("amount_cents", sa.BigInteger),
            ("usd_cents", sa.BigInteger), ("created_at", sa.DateTime(timezone=True)),
        )
    ),
)  # fmt: skip


def _keep_pledges():
    """Each award that says what was pledged, or when, gets a pledge that it took up whole, to the cent."""
    connection, of = op.get_bind(), AWARDS.c
    said = sa.or_(
        of.pledged_cents.is_not(None), of.pledged_usd_cents.is_not(None), of.pledged_on.is_not(None)
    )
    next_id = 1
    for row in connection.execute(sa.select(AWARDS).where(said).order_by(of.id)).all():
        connection.execute(
            PLEDGES.insert().values(
                id=next_id, donor_id=row.donor_id, mission_id=row.mission_id, currency=row.currency,
                amount_cents=row.pledged_cents, usd_cents=row.pledged_usd_cents, pledged_on=row.pledged_on,
                manner="other", state="open" if row.agreed_cents is None else "agreed",
                is_demonstration=row.is_demonstration, created_at=row.created_at,
            )
        )  # fmt: skip
        connection.execute(
            PARTS.insert().values(
                pledge_id=next_id, award_id=row.id, amount_cents=row.pledged_cents,
                usd_cents=row.pledged_usd_cents, created_at=row.created_at,
            )
        )  # fmt: skip
        next_id += 1
    if connection.dialect.name == "postgresql":
        op.execute(f"SELECT setval(pg_get_serial_sequence('donor_pledges', 'id'), {next_id}, false)")


def _keep_contacts():
    op.execute(
        "INSERT INTO donor_contacts (donor_id, name, is_demonstration, created_at) "
        "SELECT id, contact, is_demonstration, created_at FROM donors "
        "WHERE contact IS NOT NULL AND contact <> '' ORDER BY id"
    )


def _name_appropriations():
    """An award of the Regular Fund is of the year in which it was decided."""
    connection, of = op.get_bind(), AWARDS.c
    for row in connection.execute(
        sa.select(of.id, of.agreed_on, of.starts_on).where(of.fund == "regular")
    ).all():
        if (day := row.agreed_on or row.starts_on) is not None:
            connection.execute(AWARDS.update().where(of.id == row.id).values(appropriation_year=day.year))


def _put_back():
    """What an award took up of a pledge, and the first contact of a donor, where they stood before."""
    for name, of in (
        ("pledged_cents", "pa.amount_cents"), ("pledged_usd_cents", "pa.usd_cents"), ("pledged_on", "pl.pledged_on"),
    ):  # fmt: skip
        op.execute(
            f"UPDATE awards SET {name} = (SELECT {of} FROM pledge_parts pa "
            "JOIN donor_pledges pl ON pl.id = pa.pledge_id WHERE pa.award_id = awards.id)"
        )
    op.execute(
        "UPDATE donors SET contact = (SELECT c.name FROM donor_contacts c WHERE c.donor_id = donors.id "
        "AND c.id = (SELECT MIN(f.id) FROM donor_contacts f WHERE f.donor_id = donors.id))"
    )
