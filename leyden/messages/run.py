"""Sentences about runs and other jobs: why they failed, stopped or cannot go on."""

SENTENCES = {
    "stopped_in_queue": "Stopped before it started.",
    "stopped_by_user": "Stopped on request after finishing its step.",
    "stopped_killed": "Stopped at once; what had been saved before is kept.",
    "vanished": "Its process disappeared (machine restarted, killed, or out of memory); it goes on from its last "
    "checkpoint.",
    "vanished_for_good": "Its process disappeared {times} times without getting any further, so it was given up; "
    "the log may say why.",
    "run_locked": "Another process still works in the folder of run '{run}'; stop it, then resume.",
    "out_of_memory": "The device ran out of memory; choose a smaller batch size or a smaller network.",
    "disk_full": "The disk is full; free some space and resume the run.",
    "unexpected_error": "{kind}: {detail}",
    "nothing_to_resume": "{epochs} epochs are no more than the {trained} already trained; give a larger total.",
    "already_finished": "Run '{run}' finished its {epochs} epochs; to train longer, give a larger number.",
    "no_report_yet": "Run '{run}' has no validation report yet; the test rows can be opened after training.",
    "no_checkpoint_yet": "Run '{run}' has no checkpoint yet; wait for its first epoch, or look at why it failed.",
    "path_missing": "There is no file or folder at '{path}'; check the path (it is read on the machine that "
    "Leyden runs on).",
    "test_columns_missing": "The test dataset '{dataset}' must have every column that the run reads; these are "
    "missing: {columns}.",
    "weights_unavailable": "The ImageNet weights of {model} cannot be downloaded from {url}; fetch that file "
    "where there is a network and put it, as {file}, into the folder {folder}, or start from random weights.",
    "weights_unreadable": "The file {file} in the folder {folder} does not hold the ImageNet weights of "
    "{model}; delete it, so that it is fetched again from {url}.",
    "one_class": "Column '{column}' must have at least two classes among the training rows; found only: "
    "{found}. Choose another target, or another split.",
    "no_numbers": "Column '{column}' must hold numbers to be predicted as one; no training row has any. "
    "Choose another target, or treat it as a category.",
    "blind_majority": "Always answering '{answer}', the most frequent class of the training rows",
    "blind_mean": "Always answering {answer}, the mean of the training rows",
    "classes_not_trained": "{rows} rows are of classes that no training row has ({classes}); the model cannot "
    "know them, so they count as errors, and have no part in ROC AUC and log loss.",
    "classes_not_judged": "{count} classes have no row here ({classes}), so nothing is known about how well "
    "they are found.",
    "outputs_not_finite": "For {rows} of {of} rows the network's answer was not a number; they are judged as "
    "if the answer had been the blind one.",
    "neither_dataset_nor_path": "'{found}' is neither the id of a dataset (python -m leyden datasets lists them) "
    "nor a file or folder.",
    "kind_for_unknown_column": "A kind was given for columns that are not there: {columns}; there are: {known}.",
    "spec_file_unreadable": "The spec '{path}' cannot be read: {detail}.",
    "spec_file_not_json": "The spec '{path}' must be JSON: {detail}.",
}
