"""The tables. Written portably: no SQLite-only types; times are Unix seconds (float, UTC).

Changing anything here needs a migration in `migrations/versions/`; a test compares the two.
"""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, false

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("layout", String, nullable=False),
    Column("num_rows", Integer, nullable=False),
    Column("num_columns", Integer, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("kinds", JSON, nullable=False),  # column -> kind, only where a person chose another one
    Column("parent_id", String, ForeignKey("datasets.id")),
    Column("recipe", JSON),  # how it was made from its parent
    Column("created_at", Float, nullable=False),
)

groups = Table(
    "groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # seeds, folds, sweep, curve
    Column("name", String, nullable=False),
    Column("base_spec", JSON, nullable=False),
    Column("space", JSON, nullable=False),
    Column("created_at", Float, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    # 1, 2, 3, ... in the order of submission: what a run takes its colour from.
    Column("number", Integer, nullable=False, server_default="0", index=True),
    Column("dataset_id", String, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("group_id", Integer, ForeignKey("groups.id"), index=True),
    Column("spec", JSON, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("split_hash", String, nullable=False),
    Column("task", String, nullable=False, index=True),
    Column("target", String, nullable=False),
    Column("architecture", String, nullable=False, index=True),  # names, joined by " + " where there are several
    Column("num_parameters", Integer),
    Column("job_id", Integer, index=True),  # the latest training job; no foreign key, it would be a circle
    Column("generation", Integer, nullable=False, default=0),
    Column("is_starred", Boolean, nullable=False, default=False, server_default=false()),
    Column("note", String, nullable=False, default="", server_default=""),
    Column("created_at", Float, nullable=False, index=True),
)

run_tags = Table(
    "run_tags",
    metadata,
    Column("run_id", String, ForeignKey("runs.id"), primary_key=True),
    Column("tag", String, primary_key=True, index=True),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),  # id of what it works on, or a name for people
    Column("run_id", String, ForeignKey("runs.id"), index=True),
    Column("attempt", Integer, nullable=False, default=1),
    Column("follows", Integer),  # the vanished attempt that this one goes on with
    Column("lane", String, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("place", Float),  # where a person moved it to among jobs of its priority; None: its id
    Column("num_devices", Integer, nullable=False, default=1, server_default="1"),
    Column("state", String, nullable=False),
    Column("wanted_device", String, nullable=False, default="auto"),
    Column("device", String),
    Column("owner", String),
    Column("pid", Integer),
    Column("created_at", Float, nullable=False),
    Column("started_at", Float),
    Column("ended_at", Float),
    Column("heartbeat_at", Float),
    Column("stop_request", Integer, nullable=False, default=0),
    Column("progress", Float),
    Column("doing", JSON),  # a Message
    Column("reason", JSON),  # a Message
    Column("result", JSON),
    Column("start_step", Integer, nullable=False, default=0),
    Column("saved_step", Integer, nullable=False, default=0),  # step of the last checkpoint on disk
    Column("stalled", Integer, nullable=False, default=0),  # attempts before this one without progress
    Index("ix_jobs_queue", "state", "lane", "priority", "id"),
    sqlite_autoincrement=True,  # an id never comes back, so an old attempt cannot pass for a new one
)

metrics = Table(
    "metrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String, ForeignKey("runs.id"), nullable=False),
    Column("name", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("epoch", Float, nullable=False),
    Column("value", Float, nullable=False),
    Column("time", Float, nullable=False),
    Index("ix_metrics_run_id_id", "run_id", "id"),
    Index("ix_metrics_run_id_name_step", "run_id", "name", "step"),
    sqlite_autoincrement=True,  # a reader's position stays valid when points are deleted
)

models = Table(
    "models",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("run_id", String, ForeignKey("runs.id"), index=True),
    Column("parents", JSON, nullable=False),
    Column("files", JSON, nullable=False),  # name -> {"path", "sha256", "bytes"}
    Column("created_at", Float, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String, ForeignKey("runs.id"), nullable=False),
    Column("part", String, nullable=False),
    Column("headline", String, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("num_rows", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("ix_reports_run_id_part", "run_id", "part", unique=True),
)

openings = Table(
    "openings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset_id", String, nullable=False),
    Column("split_hash", String, nullable=False),
    Column("run_id", String, nullable=False),  # kept when the run is deleted: an opening stays counted
    Column("opened_at", Float, nullable=False),
    Index("ix_openings_dataset_id_split_hash", "dataset_id", "split_hash"),
)

baselines = Table(
    "baselines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),  # `Run.question`: dataset, inputs, target, task and split
    Column("dataset_id", String, nullable=False, index=True),  # its answers go with the dataset
    Column("part", String, nullable=False),
    Column("name", String, nullable=False),
    Column("headline", String, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("intervals", JSON, nullable=False, server_default="{}"),  # low and high by metric name
    Column("num_rows", Integer, nullable=False),  # training rows that it learned from
    Column("of_rows", Integer, nullable=False),  # training rows that there were
    Column("duration_s", Float, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("ix_baselines_key_part_name", "key", "part", "name", unique=True),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", JSON, nullable=False),
)
