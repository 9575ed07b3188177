"""Baselines keep the intervals of their figures; those of before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("baselines", sa.Column("intervals", sa.JSON(), nullable=False, server_default="{}"))
