"""Sentences about predicting: what asks for it, what the service does, and what training rows did not have."""

SENTENCES = {
    "model_unknown": "There is no model '{model}' in this workspace; its run may have been deleted.",
    "model_not_ready": "Run '{model}' has no model yet: it is recorded with the run's first report.",
    "model_file_gone": "The checkpoint of model '{model}' is gone from the workspace; train its run again.",
    "model_too_large": "The model takes about {needed} GB of memory, but only {free} GB are free; end other work "
    "on this machine and try again.",
    "predict_no_memory": "The memory was too little for these rows; send fewer at a time, or end other work on this "
    "machine.",
    "predictions_gone": "The predictions of job {job} are not there (any more); they are kept for a day. Predict the "
    "file again.",
    "service_starting": "Starting the prediction service",
    "model_loading": "Loading the model, {size}",
    "service_not_started": "The prediction service did not start; its log, {log}, may say why.",
    "service_lost": "The prediction service ended {times} times while it answered this request, perhaps for want of "
    "memory; send fewer rows at a time. Its log is {log}.",
    "service_slow": "The prediction service did not answer within {seconds} s; send fewer rows at a time.",
    "token_refused": "The token is not this workspace's; the Predict page and 'python -m leyden token' show it.",
    "token_missing": "This needs the workspace's token as 'Authorization: Bearer TOKEN'; the Predict page and "
    "'python -m leyden token' show it.",
    "request_too_large": "A request may have at most {limit} MB; predict more rows with a file.",
    "request_not_json": 'The request must be JSON such as {{"rows": [{{"column": 1.5}}]}}; {detail}.',
    "request_no_rows": 'The request must have at least one row in "rows".',
    "request_too_many": "A request may have at most {most} rows, this one has {rows}; predict more with a file.",
    "row_lacks_columns": "rows[{row}] lacks {columns}; give null where a value is not known.",
    "picture_not_base64": "rows[{row}]: '{column}' must be the bytes of an image file as base64, or null.",
    "picture_missing_row": "rows[{row}] has no picture in '{column}'; this model needs one.",
    "row_no_number": "{column}: '{found}' is not a number such as 12.5.",
    "row_no_date": "{column}: '{found}' is not a date such as 2024-05-31 or 2024-05-31 13:30.",
    "number_below": "{column}: {value} is less than anything seen in training ({low} to {high}).",
    "number_above": "{column}: {value} is more than anything seen in training ({low} to {high}).",
    "number_unreadable": "{column}: '{value}' is not a number, so it counts as missing.",
    "number_missing": "{column} is missing, and never was in training; {fill} is used instead.",
    "category_unseen": "{column}: '{value}' was not seen in training, or too rarely to be learnt; it counts as "
    "unknown.",
    "category_missing": "{column} is missing, and never was in training; it counts as unknown.",
    "tokens_unseen_words": "{column}: not seen in training, or too rarely to be learnt: {num} of {of} words and signs, "
    "such as {value}.",
    "tokens_unseen_characters": "{column}: not seen in training, or too rarely to be learnt: {num} of {of} characters, "
    "such as {value}.",
    "tokens_unseen_bpe": "{column}: not seen in training, or too rarely to be learnt: {num} of {of} pieces of words, "
    "such as {value}.",
    "text_cut_words": "{column}: only the first {most} words and signs are read; the rest changes nothing.",
    "text_cut_characters": "{column}: only the first {most} characters are read; the rest changes nothing.",
    "text_cut_bpe": "{column}: only the first {most} pieces of words are read; the rest changes nothing.",
    "text_none": "{column} has no text, which every training row had.",
    "picture_none": "{column} has no picture, which every training row had; the network sees a blank one.",
    "date_before": "{column}: {value} is earlier than anything seen in training ({low} to {high}).",
    "date_after": "{column}: {value} is later than anything seen in training ({low} to {high}).",
    "date_unreadable": "{column}: '{value}' is not a date such as 2024-05-31 or 2024-05-31 13:30, so it counts as "
    "missing.",
    "date_missing": "{column} is missing, and never was in training; a middle date is used instead.",
}
