"""Samples of polling stations, and what is in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "47b97c46f091"
down_revision = "5c1f0a9e7d24"
branch_labels = None
depends_on = None


def upgrade():
    document = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("mission_id", sa.Integer, nullable=False),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("design", sa.String(40), nullable=False),
        sa.Column("parameters", document, nullable=False),
        sa.Column("seed", sa.String(60), nullable=False),
        sa.Column("frame_sha256", sa.String(64), nullable=False),
        sa.Column("frame_count", sa.Integer, nullable=False),
        sa.Column("station_count", sa.Integer, nullable=False),
        sa.Column("reserve_count", sa.Integer, nullable=False),
        sa.Column("figures", document, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True)),
        sa.Column("set_aside_because", sa.String(400)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "design IN ('simple', 'stratified', 'by_size', 'two_stages')", name=op.f("ck_samples_sample_design")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'adopted', 'set_aside')", name=op.f("ck_samples_sample_state")
        ),
        sa.CheckConstraint(
            "(state = 'set_aside') = (set_aside_because IS NOT NULL)",
            name=op.f("ck_samples_set_aside_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(["mission_id"], ["missions.id"], name=op.f("fk_samples_mission_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_samples_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_samples_mission_id_name")),
    )
    op.create_index(op.f("ix_samples_mission_id"), "samples", ["mission_id"])
    op.create_index(op.f("ix_samples_round_id"), "samples", ["round_id"])
    adopted = sa.text("state = 'adopted'")
    op.create_index(
        "uq_samples_adopted", "samples", ["round_id"], unique=True,
        sqlite_where=adopted, postgresql_where=adopted,
    )  # fmt: skip
    op.create_table(
        "sampled_stations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sample_id", sa.Integer, nullable=False),
        sa.Column("polling_station_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("stratum", sa.String(700), nullable=False),
        sa.Column("chance", sa.Double),
        sa.Column("weight", sa.Double),
        sa.Column("is_replacement", sa.Boolean, nullable=False),
        sa.Column("replaces_id", sa.Integer),
        sa.Column("reason", sa.String(400)),
        sa.CheckConstraint(
            "chance IS NULL OR (chance > 0 AND chance <= 1)", name=op.f("ck_sampled_stations_chance_is_one")
        ),
        sa.CheckConstraint(
            "replaces_id IS NULL OR is_replacement", name=op.f("ck_sampled_stations_replacements_replace")
        ),
        sa.CheckConstraint(
            "(replaces_id IS NULL) = (reason IS NULL)", name=op.f("ck_sampled_stations_replacing_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["samples.id"], name=op.f("fk_sampled_stations_sample_id")),
        sa.ForeignKeyConstraint(
            ["polling_station_id"], ["polling_stations.id"], name=op.f("fk_sampled_stations_polling_station_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["sampled_stations.id"], name=op.f("fk_sampled_stations_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_stations")),
        sa.UniqueConstraint(
            "sample_id", "polling_station_id", name=op.f("uq_sampled_stations_sample_id_polling_station_id")
        ),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_sampled_stations_replaces_id")),
    )
    op.create_index(op.f("ix_sampled_stations_sample_id"), "sampled_stations", ["sample_id"])
    op.create_index(op.f("ix_sampled_stations_polling_station_id"), "sampled_stations", ["polling_station_id"])


def downgrade():
    op.drop_table("sampled_stations")
    op.drop_table("samples")
