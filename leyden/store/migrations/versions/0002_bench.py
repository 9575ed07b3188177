"""What many runs need: numbers, stars, notes and tags; places and devices in the queue; settings; baselines."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


NUMBER_RUNS = """
UPDATE runs SET number = numbered.number
FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM runs) AS numbered
WHERE numbered.id = runs.id
"""


def upgrade() -> None:
    op.add_column("runs", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(NUMBER_RUNS)
    for column in ("number", "task", "architecture"):
        op.create_index(op.f(f"ix_runs_{column}"), "runs", [column])
    op.add_column("runs", sa.Column("is_starred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("place", sa.Float(), nullable=True))
    op.add_column("jobs", sa.Column("num_devices", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "run_tags",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_tags_run_id")),
        sa.PrimaryKeyConstraint("run_id", "tag", name=op.f("pk_run_tags")),
    )
    op.create_index(op.f("ix_run_tags_tag"), "run_tags", ["tag"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "baselines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("dataset_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("num_rows", sa.Integer(), nullable=False),
        sa.Column("of_rows", sa.Integer(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baselines")),
    )
    op.create_index(op.f("ix_baselines_dataset_id"), "baselines", ["dataset_id"])
    op.create_index(op.f("ix_baselines_key_part_name"), "baselines", ["key", "part", "name"], unique=True)
