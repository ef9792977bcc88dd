"""Journeys, nights, vehicles, equipment, credentials, briefings, call tree and headcounts."""

import sqlalchemy as sa
from alembic import op

revision = "014107ea3c79"
down_revision = "b3d81f5a6c20"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "briefings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("is_needed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_briefings_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefings")),
    )
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_briefings_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "drivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_drivers_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drivers")),
    )
    with op.batch_alter_table("drivers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drivers_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "equipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column(
            "equipment_kind",
            sa.Enum(
                "radio",
                "satellite_phone",
                "mobile_phone",
                "tablet",
                "first_aid_kit",
                "vest",
                "other",
                name="equipment_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_equipment_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment")),
        sa.UniqueConstraint(
            "mission_id",
            "equipment_kind",
            "serial",
            name=op.f("uq_equipment_mission_id_equipment_kind_serial"),
        ),
    )
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_equipment_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "headcounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=300), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_headcounts_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcounts")),
    )
    with op.batch_alter_table("headcounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_headcounts_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "hotels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("town", sa.String(length=120), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("desk_phone", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_hotels_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotels")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_hotels_mission_id_name")),
    )
    with op.batch_alter_table("hotels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotels_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "person_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_photos_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_photos")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_photos_person_id")),
    )
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column(
            "vehicle_kind",
            sa.Enum(
                "car",
                "four_by_four",
                "minibus",
                "motorcycle",
                "boat",
                "other",
                name="vehicle_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seats BETWEEN 1 AND 100", name=op.f("ck_vehicles_seats_possible")),
        sa.ForeignKeyConstraint(["driver_id"], ["drivers.id"], name=op.f("fk_vehicles_driver_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_vehicles_mission_id")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_vehicles_team_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
        sa.UniqueConstraint("mission_id", "plate", name=op.f("uq_vehicles_mission_id_plate")),
    )
    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vehicles_driver_id"), ["driver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vehicles_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vehicles_team_id"), ["team_id"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("briefing_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_attendances_appointment_id")
        ),
        sa.ForeignKeyConstraint(["briefing_id"], ["briefings.id"], name=op.f("fk_attendances_briefing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
        sa.UniqueConstraint(
            "briefing_id", "appointment_id", name=op.f("uq_attendances_briefing_id_appointment_id")
        ),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendances_briefing_id"), ["briefing_id"], unique=False)

    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_because", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_credentials_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_credentials_appointment_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_credentials_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("mission_id", "number", name=op.f("uq_credentials_mission_id_number")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_credentials_token_sha256")),
    )
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credentials_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_credentials_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(
            "ix_credentials_one_living",
            ["appointment_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "focal_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_focal_points_appointment_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_focal_points_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_points")),
        sa.UniqueConstraint("mission_id", name=op.f("uq_focal_points_mission_id")),
    )
    with op.batch_alter_table("focal_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_focal_points_appointment_id"), ["appointment_id"], unique=False)

    op.create_table(
        "headcount_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("headcount_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column(
            "reached",
            sa.Enum(
                "reached",
                "not_reached",
                "needs_help",
                name="reached",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_headcount_answers_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["headcount_id"], ["headcounts.id"], name=op.f("fk_headcount_answers_headcount_id")
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_headcount_answers_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount_answers")),
        sa.UniqueConstraint(
            "headcount_id", "appointment_id", name=op.f("uq_headcount_answers_headcount_id_appointment_id")
        ),
    )
    with op.batch_alter_table("headcount_answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_headcount_answers_appointment_id"), ["appointment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_headcount_answers_headcount_id"), ["headcount_id"], unique=False)

    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("equipment_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("condition_back", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "returned_on IS NULL OR returned_on >= issued_on", name=op.f("ck_loans_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_loans_appointment_id")
        ),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], name=op.f("fk_loans_equipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_equipment_id"), ["equipment_id"], unique=False)
        batch_op.create_index(
            "ix_loans_out_once",
            ["equipment_id"],
            unique=True,
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        )

    op.create_table(
        "stays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("hotel_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_stays_nights_in_order")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_stays_appointment_id")
        ),
        sa.ForeignKeyConstraint(["hotel_id"], ["hotels.id"], name=op.f("fk_stays_hotel_id")),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_stays_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stays")),
    )
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stays_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stays_hotel_id"), ["hotel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stays_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "team_callers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_team_callers_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_callers_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_callers")),
        sa.UniqueConstraint("team_id", name=op.f("uq_team_callers_team_id")),
    )
    with op.batch_alter_table("team_callers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_callers_appointment_id"), ["appointment_id"], unique=False)

    op.create_table(
        "travels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mission_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "arrival", "departure", name="direction", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "travel_state",
            sa.Enum(
                "planned",
                "booked",
                "done",
                "cancelled",
                name="travel_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("travel_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carrier", sa.String(length=80), nullable=True),
        sa.Column("service_number", sa.String(length=40), nullable=True),
        sa.Column("terminal", sa.String(length=120), nullable=True),
        sa.Column("picked_up_by", sa.String(length=120), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "travel_at IS NOT NULL OR travel_state = 'planned' OR travel_state = 'cancelled'",
            name=op.f("ck_travels_booked_has_its_time"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_travels_appointment_id")
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_travels_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travels")),
    )
    with op.batch_alter_table("travels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_travels_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_travels_mission_id"), ["mission_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_travels_travel_at"), ["travel_at"], unique=False)



def downgrade():
    with op.batch_alter_table("travels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_travels_travel_at"))
        batch_op.drop_index(batch_op.f("ix_travels_mission_id"))
        batch_op.drop_index(batch_op.f("ix_travels_appointment_id"))

    op.drop_table("travels")
    with op.batch_alter_table("team_callers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_callers_appointment_id"))

    op.drop_table("team_callers")
    with op.batch_alter_table("stays", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stays_mission_id"))
        batch_op.drop_index(batch_op.f("ix_stays_hotel_id"))
        batch_op.drop_index(batch_op.f("ix_stays_appointment_id"))

    op.drop_table("stays")
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_loans_out_once",
            sqlite_where=sa.text("returned_on IS NULL"),
            postgresql_where=sa.text("returned_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_loans_equipment_id"))
        batch_op.drop_index(batch_op.f("ix_loans_appointment_id"))

    op.drop_table("loans")
    with op.batch_alter_table("headcount_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_headcount_answers_headcount_id"))
        batch_op.drop_index(batch_op.f("ix_headcount_answers_appointment_id"))

    op.drop_table("headcount_answers")
    with op.batch_alter_table("focal_points", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_focal_points_appointment_id"))

    op.drop_table("focal_points")
    with op.batch_alter_table("credentials", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_credentials_one_living",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_credentials_mission_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_appointment_id"))

    op.drop_table("credentials")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendances_briefing_id"))
        batch_op.drop_index(batch_op.f("ix_attendances_appointment_id"))

    op.drop_table("attendances")
    with op.batch_alter_table("vehicles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vehicles_team_id"))
        batch_op.drop_index(batch_op.f("ix_vehicles_mission_id"))
        batch_op.drop_index(batch_op.f("ix_vehicles_driver_id"))

    op.drop_table("vehicles")
    op.drop_table("person_photos")
    with op.batch_alter_table("hotels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotels_mission_id"))

    op.drop_table("hotels")
    with op.batch_alter_table("headcounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_headcounts_mission_id"))

    op.drop_table("headcounts")
    with op.batch_alter_table("equipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_equipment_mission_id"))

    op.drop_table("equipment")
    with op.batch_alter_table("drivers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drivers_mission_id"))

    op.drop_table("drivers")
    with op.batch_alter_table("briefings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_briefings_mission_id"))

    op.drop_table("briefings")
