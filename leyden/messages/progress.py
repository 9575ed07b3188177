"""Sentences that say what a job is doing."""

SENTENCES = {
    "reading_rows": "Reading the rows",
    "decoding_images": "Reading the pictures, {percent} %",
    "training": "Training, epoch {epoch} of {epochs}",
    "judging": "Judging the best checkpoint",
    "training_baseline": "Training the baseline: {name}",
    "predicting": "Predicting, {percent} %",
    "opening": "Looking into {name}",
    "hashing": "Comparing {name} with the datasets that are here",
    "reading_table": "Reading {name}",
    "reading_images": "Reading the pictures of {name}",
    "reading_texts": "Reading the texts of {name}",
    "profiling": "Looking at each column of {name}",
    "publishing": "Storing {name}",
}
