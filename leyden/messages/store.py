"""Sentences about the workspace: unknown ids, things in use, refused writes."""

SENTENCES = {
    "dataset_unknown": "There is no dataset '{dataset}' in this workspace; it may have been deleted.",
    "dataset_name_taken": "Another dataset has the name '{name}' already; choose one that none has.",
    "dataset_in_use": "Dataset '{dataset}' is used by {runs} runs; delete those runs first.",
    "run_unknown": "There is no run '{run}' in this workspace; it may have been deleted.",
    "run_ambiguous": "The ids of {found} runs begin with '{run}'; write more of the one that is meant.",
    "run_id_short": "Deleting is for good: instead of '{run}', write the number or the whole id, such as {whole}.",
    "run_active": "Run '{run}' still has work queued or running; wait for its end, or stop it first.",
    "tag_unfit": "A tag must have 1 to {longest} characters and no comma; '{tag}' does not fit.",
    "job_unknown": "There is no job {job} in this workspace; it may have been deleted.",
    "superseded": "Job {job} does not belong to this process any more; another attempt took over.",
    "store_unavailable": "The workspace's database cannot be used now ({detail}); check that the disk has space "
    "left and try again.",
    "store_damaged": "The workspace's database is damaged ({detail}); put a copy back, or take another workspace.",
    "home_unusable": "The workspace must be a folder that can be written to; '{path}' is not ({detail}). Set "
    "LEYDEN_HOME to another one.",
    "store_too_new": "The workspace was written by a newer Leyden (schema {found}, this one knows {expected}); "
    "update Leyden.",
}
