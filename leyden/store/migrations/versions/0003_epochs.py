"""The epochs of a run that was trained longer become its setting; the attempts kept them before."""

from alembic import op

revision = "0003"
down_revision = "0002"


TAKE_EPOCHS = """
UPDATE runs SET spec = json_set(runs.spec, '$.optimisation.epochs', json_extract(jobs.payload, '$.epochs'))
FROM jobs
WHERE jobs.id = runs.job_id AND json_extract(jobs.payload, '$.epochs') IS NOT NULL
"""


def upgrade() -> None:
    op.execute(TAKE_EPOCHS)
