"""Sentences that say what a job is doing."""

SENTENCES = {
    "reading_rows": "Reading the rows",
    "decoding_images": "Reading the pictures, {percent} %",
    "training": "Training, epoch {epoch} of {epochs}",
    "judging": "Judging the best checkpoint",
    "predicting": "Predicting, {percent} %",
}
