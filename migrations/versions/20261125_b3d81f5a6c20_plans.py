"""Plans of a polling day, areas that teams keep to, areas that nobody enters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b3d81f5a6c20"
down_revision = "47b97c46f091"
branch_labels = None
depends_on = None

STATES = ("draft", "computing", "ready", "adopted")
SELECTIONS = ("random", "assigned", "convenience")


def document():
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
    )


def chosen(values, name):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade():
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mission_id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("state", chosen(STATES, op.f("ck_plans_plan_state")), nullable=False),
        sa.Column("selection", chosen(SELECTIONS, op.f("ck_plans_selection")), nullable=False),
        sa.Column("parameters", document(), nullable=False),
        sa.Column("totals", document(), nullable=False),
        sa.Column("job_id", sa.String(36)),
        sa.Column("computed_at", sa.DateTime(timezone=True)),
        sa.Column("adopted_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_plans_mission_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_plans_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_plans_mission_id_name")),
    )
    op.create_index(op.f("ix_plans_mission_id"), "plans", ["mission_id"])
    op.create_index(op.f("ix_plans_round_id"), "plans", ["round_id"])
    _routes()
    _stops()
    _areas()


def _routes():
    op.create_table(
        "plan_routes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("plan_id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.Integer, nullable=False),
        sa.Column("sets_out", sa.Integer, nullable=False),
        sa.Column("returns", sa.Integer, nullable=False),
        sa.Column("travel_minutes", sa.Double, nullable=False),
        sa.Column("km", sa.Double, nullable=False),
        sa.Column("back_minutes", sa.Double, nullable=False),
        sa.Column("back_km", sa.Double, nullable=False),
        sa.Column("faults", document(), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("facts", document(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_routes_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_plan_routes_team_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_routes")),
        sa.UniqueConstraint("plan_id", "team_id", name=op.f("uq_plan_routes_plan_id_team_id")),
    )
    op.create_index(op.f("ix_plan_routes_plan_id"), "plan_routes", ["plan_id"])
    op.create_index(op.f("ix_plan_routes_team_id"), "plan_routes", ["team_id"])


def _stops():
    op.create_table(
        "plan_stops",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("plan_id", sa.Integer, nullable=False),
        sa.Column("polling_station_id", sa.Integer, nullable=False),
        sa.Column("route_id", sa.Integer),
        sa.Column("fixed_team_id", sa.Integer),
        sa.Column("position", sa.Integer),
        sa.Column("part", sa.String(20)),
        sa.Column("arrives", sa.Integer),
        sa.Column("leaves", sa.Integer),
        sa.Column("travel_minutes", sa.Double),
        sa.Column("km", sa.Double),
        sa.Column("reason", sa.String(40)),
        sa.Column("facts", document(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_plan_stops_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["polling_station_id"], ["polling_stations.id"], name=op.f("fk_plan_stops_polling_station_id")
        ),
        sa.ForeignKeyConstraint(
            ["route_id"], ["plan_routes.id"], name=op.f("fk_plan_stops_route_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["fixed_team_id"], ["teams.id"], name=op.f("fk_plan_stops_fixed_team_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_stops")),
        sa.UniqueConstraint(
            "plan_id", "polling_station_id", name=op.f("uq_plan_stops_plan_id_polling_station_id")
        ),
    )
    for column in ("plan_id", "polling_station_id", "route_id", "fixed_team_id"):
        op.create_index(op.f(f"ix_plan_stops_{column}"), "plan_stops", [column])


def _areas():
    op.create_table(
        "team_areas",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("team_id", sa.Integer, nullable=False),
        sa.Column("area_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_team_areas_team_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_team_areas_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_areas")),
        sa.UniqueConstraint("team_id", "area_id", name=op.f("uq_team_areas_team_id_area_id")),
    )
    op.create_index(op.f("ix_team_areas_team_id"), "team_areas", ["team_id"])
    op.create_index(op.f("ix_team_areas_area_id"), "team_areas", ["area_id"])
    op.create_table(
        "no_go_areas",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mission_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("area_id", sa.Integer),
        sa.Column("shape", document()),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(area_id IS NULL) <> (shape IS NULL)", name=op.f("ck_no_go_areas_area_or_shape")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_no_go_areas_days_in_order"),
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_no_go_areas_mission_id")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_no_go_areas_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_go_areas")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_no_go_areas_mission_id_name")),
    )
    op.create_index(op.f("ix_no_go_areas_mission_id"), "no_go_areas", ["mission_id"])
    op.create_index(op.f("ix_no_go_areas_area_id"), "no_go_areas", ["area_id"])


def downgrade():
    for table in ("no_go_areas", "team_areas", "plan_stops", "plan_routes", "plans"):
        op.drop_table(table)
