"""The epochs of a run that was trained longer become its setting; the attempts kept them before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

runs = sa.table("runs", sa.column("id"), sa.column("job_id"), sa.column("spec", sa.JSON))
jobs = sa.table("jobs", sa.column("id"), sa.column("payload", sa.JSON))


def upgrade() -> None:
    connection = op.get_bind()
    query = sa.select(runs.c.id, runs.c.spec, jobs.c.payload).join(jobs, jobs.c.id == runs.c.job_id)
    for run_id, spec, payload in connection.execute(query).all():
        if epochs := payload.get("epochs"):
            longer = {**spec, "optimisation": {**spec["optimisation"], "epochs": epochs}}
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(spec=longer))
