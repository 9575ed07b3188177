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
    "disk_full": "The disk is full; free some space, then try again.",
    "unexpected_error": "{kind}: {detail}",
    "nothing_to_resume": "{epochs} epochs are no more than the {trained} already trained; give a larger total.",
    "already_finished": "Run '{run}' has finished, after {trained} of {epochs} epochs; to train longer, give another "
    "number of epochs.",
    "device_not_here": "Device '{device}' must be one that this machine has; it has: {here}.",
    "crew_missing": "The {processes} processes of this run did not all start within five minutes; the machine may be "
    "too busy. Start it again, or with fewer processes.",
    "too_few_devices": "The run asks for {wanted} parallel processes, but on '{device}' this machine can give at most "
    "{most}; choose fewer, or device 'auto', which takes several GPUs where there are several.",
    "too_few_devices_anywhere": "The run asks for {wanted} parallel processes, but on '{device}' this machine can give "
    "at most {most}; choose fewer.",
    "test_is_training_data": "The test dataset must be another one than the data trained on, but both are '{dataset}'; "
    "leave it out to set a share of the rows apart.",
    "not_comparable": "Runs must predict the same target of the same dataset to be compared; these predict: {goals}.",
    "no_report_yet": "Run '{run}' has no validation report yet; the test rows can be opened after training.",
    "predictions_missing": "The report or the predictions of run '{run}' are not in its folder any more; make "
    "the report again on the run's page.",
    "column_not_for_groups": "Rows can be grouped by a column of numbers, categories, dates, texts or pictures: "
    "{columns}. '{column}' is none of them.",
    "no_checkpoint_yet": "Run '{run}' has no checkpoint yet; wait for its first epoch, or look at why it failed.",
    "path_missing": "There is no file or folder at '{path}'; check the path (it is read on the machine that "
    "Leyden runs on).",
    "out_unwritable": "No file can be written at '{path}': {folder} must be a folder and must be writable; "
    "choose another path.",
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
    "no_mistakes": "No mistake in {rows} rows. That is no proof that there never is one: with 95 % confidence, up to "
    "{percent} % of other rows may still be answered wrongly.",
    "blind_majority": "Always answering '{answer}', the most frequent class of the training rows",
    "blind_mean": "Always answering {answer}, the mean of the training rows",
    "classes_not_trained": "{rows} rows are of classes that no training row has ({classes}); the model cannot "
    "know them, so they count as errors, and have no part in ROC AUC and log loss.",
    "classes_not_judged": "Nothing is known about how well these classes are found, for no row here is of them: "
    "{classes}.",
    "outputs_not_finite": "For {rows} of {of} rows the network's answer was not a number; they are judged as "
    "if the answer had been the blind one.",
    "neither_dataset_nor_path": "'{found}' is neither the id of a dataset (python -m leyden datasets lists them) "
    "nor a file or folder.",
    "spec_file_unreadable": "The spec '{path}' cannot be read: {detail}.",
    "spec_file_not_json": "The spec '{path}' must be JSON: {detail}.",
    "checkpoint_missing": "There is no checkpoint at '{path}'; check the path, or wait for the run's first epoch.",
    "checkpoint_broken": "The file '{path}' cannot be read as a checkpoint: it is damaged, or not one of Leyden's. If "
    "it is a copy, copy or download it again.",
    "checkpoint_closed": "The checkpoint '{path}' cannot be opened: Leyden must be allowed to read it, and is not. "
    "Change the file's permissions.",
    "best_broken": "The best checkpoint of this run ({file} in '{folder}') is damaged, so nothing can be predicted or "
    "reported with it. Put a copy back if there is one, or train anew: 'Clone with changes' on the run's page begins "
    "with the same settings.",
    "last_broken": "The run cannot go on, because what was saved to go on from is damaged ({files}). Its best "
    "checkpoint ({best}) is readable and still predicts; to train anew, take 'Clone with changes' on the run's page.",
    "last_and_best_broken": "The run cannot go on, because what was saved to go on from is damaged ({files}), and its "
    "best checkpoint ({best}) cannot be read either. Train it anew: 'Clone with changes' on the run's page begins with "
    "the same settings.",
    "checkpoint_too_new": "The checkpoint '{path}' was written by a newer Leyden (format {found}, this one reads up to "
    "{expected}); update Leyden.",
    "device_missing": "Device '{device}' must be there to compute on, but this machine has none of that name that "
    "torch can use; choose another device, or 'auto'.",
    "half_needs_gpu": "16-bit precision must run on a GPU, but this run was given the CPU; choose precision 32 or "
    "bf16, or a GPU.",
    "non_finite_loss": "The loss must stay a finite number, but in epoch {epoch} (step {step}) it became infinite or "
    "undefined: training diverged. Try a smaller learning rate (it was {lr}), gradient clipping, number scaling, or "
    "precision 32.",
    "one_row_batch": "A batch must have at least two rows for this network's batch normalisation, but one had a single "
    "row; choose a larger batch size or larger pictures.",
    "no_rows_in_part": "The {part} rows must be at least one, but the split has none; choose other shares, or give "
    "the data more rows with a target.",
    "columns_missing": "The rows must have every column that the model was trained on, but these are missing: "
    "{columns}. Found: {found}.",
    "pictures_locked": "Another run has been reading the same pictures into '{folder}' for a day; stop it, and start "
    "this one again.",
    "image_not_given": "An image must be a path, the bytes of a file, or a PIL image; found: {found}.",
    "no_value_is_date": "Column '{column}' must hold dates, as ISO 8601 text or as timestamps; none of its values is "
    "one (first: '{found}').",
    "no_value_is_number": "Column '{column}' must hold numbers, but none of its values is one (first: '{found}'); "
    "check its decimal mark.",
    "one_image_column": "One image column can be an input at a time; chosen were: {columns}.",
    "dataset_files_missing": "The files of dataset '{dataset}' are gone from the workspace; import it again.",
}
