"""Sentences about settings: what does not fit the data or each other."""

SENTENCES = {
    "field_unknown": "There is no setting '{field}'. {hint}",
    "field_missing": "The setting '{field}' is missing; it must be {expected}.",
    "field_invalid": "'{field}' must be {expected}, but is {found}.",
    "choice_unknown": "'{field}' must be one of {expected}, but is '{found}'.",
    "spec_invalid": "{problems}",
    "spec_not_an_object": "A spec must be a JSON object, but is {found}.",
    "nesterov_without_momentum": "Nesterov looks ahead along the momentum, so momentum must be above 0; raise "
    "it or switch Nesterov off.",
    "freeze_without_weights": "A frozen network must have learned before; start from ImageNet's weights or do "
    "not freeze it.",
    "inputs_invalid": "'data.inputs' must be columns with commas between them or a JSON object of kinds by "
    "column, but is {found}.",
    "input_kind_missing": "The kind of input '{column}' is not known here; write {column}=number, category, "
    "datetime, image or text.",
    "target_missing": "Choose the column to predict; the columns are {columns}.",
    "target_unknown": "The target must be a column of the data, but there is no '{column}'; the columns are "
    "{columns}.",
    "target_is_input": "'{column}' is the target and cannot be an input as well; take it out of the inputs.",
    "target_empty": "Column '{column}' has no values, so it cannot be the target.",
    "target_kind": "{task} cannot predict '{column}', which is of kind {kind}; it predicts {allowed}.",
    "target_no_task": "Nothing here can predict '{column}', which is of kind {kind}; choose a category or a "
    "number.",
    "target_constant": "The target '{column}' must have at least two different values, but has {found}.",
    "target_many_classes": "The target '{column}' has {found} classes for {rows} rows; is it a number rather "
    "than a category, or an id?",
    "target_gaps": "{missing} of {rows} rows have no '{column}' and are left out.",
    "inputs_none": "Choose at least one input column.",
    "inputs_none_usable": "No column beside '{target}' can be an input. Choose another target or other data, or give "
    "an ignored column a kind.",
    "input_unknown": "Input '{column}' is not a column of the data.",
    "input_ignored": "Input '{column}' is of kind 'ignored'; give it another kind or take it out of the inputs.",
    "input_not_all_numeric": "{bad} of {rows} values of '{column}' are not numbers; they count as missing.",
    "column_not_numeric": "Column '{column}' must be numeric; {bad} of {rows} values are not. Drop these rows "
    "or use the column as a category.",
    "input_pictures_missing": "{missing} of {rows} rows have no '{column}'; the model sees a blank picture there.",
    "input_kind_impossible": "Column '{column}' cannot be read as {kind}: it holds {storage} values.",
    "input_empty": "Column '{column}' has no values, so nothing can be learned from it.",
    "architecture_missing": "The inputs need an architecture for {modality} columns ({columns}); choose one "
    "of {choices}.",
    "architecture_missing_none": "There is no architecture for {modality} columns ({columns}); take them out "
    "of the inputs.",
    "architecture_idle": "An architecture is chosen for {modality} columns, but no input is of that sort; "
    "take it out.",
    "architecture_unknown": "There is no architecture '{found}' for these inputs; the choices are {choices}.",
    "loss_misfit": "The loss '{loss}' does not fit {task}; choose one of {choices}.",
    "split_without_parts": "The data has no split of its own; choose a stratified or a random one.",
    "split_parts_without_train": "The data's own split has no training rows; choose a stratified or a random one.",
    "split_no_training_rows": "Validation and test take {share} of {rows} rows and leave {left} to train on; "
    "lower their shares.",
    "split_no_validation_rows": "A validation share of {share} of {rows} rows is less than one row; raise it.",
    "batch_larger_than_data": "The batch size, {batch}, is larger than the {rows} training rows; every step "
    "sees all of them.",
}
