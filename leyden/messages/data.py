"""Sentences about files, columns and values."""

SENTENCES = {
    # Files that cannot be read.
    "empty_file": "The file must hold rows of data, but it is empty.",
    "no_rows": "The file must hold rows of data, but has only a header ({columns}).",
    "no_columns": "The file must have at least one column that can be read; it has none.",
    "table_too_large": "The table needs more memory than this machine can give it ({detail}); bring fewer columns.",
    "source_vanished": "The data must stay as they are while they are read, but '{path}' went away meanwhile; bring "
    "them again once nothing changes them.",
    "sheet_of_no_workbook": "Only a workbook has sheets to choose from, but '{name}' is none; leave out the sheet.",
    "delimiter_of_no_text": "Only a text file such as CSV has a delimiter, but '{name}' is none; leave out the "
    "delimiter.",
    "delimiter_absent": "The delimiter must stand between the values, but no line has '{delimiter}'; leave it out, "
    "and it is detected.",
    "not_text": "The file must be text to be read as a table, but holds binary data.",
    "unknown_format": "'{name}' is neither text nor of another kind that can be read; bring {accepted}.",
    "one_picture": "'{name}' is one picture; to learn from pictures, put them into one folder for each class "
    "(cat/1.jpg, dog/2.jpg) and bring all as a zip or tar.",
    "foreign_document": "'{name}' is a document ({format}), which is not read here; copy its table into a CSV or Excel "
    "file, or its text into a .txt file.",
    "foreign_data": "'{name}' is in the format {format}, which is not read here; export it as CSV or Parquet.",
    "foreign_archive": "'{name}' is packed as {format}, which is not unpacked here; pack it as a zip or tar.",
    "web_page": "'{name}' is a web page or XML, perhaps in the place of what was to be downloaded; bring {accepted}.",
    "misnamed_text": "'{name}' must be what its ending {suffix} says, but it is plain text. If it is a table, call it "
    "'{better}'; else it was damaged on its way: bring it again.",
    "unknown_encoding": "There is no text encoding called '{encoding}'; try utf-8, gb18030, utf-16, cp1252 "
    "or latin-1.",
    "damaged_excel": "The workbook cannot be read ({detail}); open it in a spreadsheet program and save it "
    "again, without a password.",
    "no_sheet": "The workbook has no sheet '{sheet}'; it has {sheets}.",
    "empty_sheet": "Sheet '{sheet}' is empty; the workbook's sheets are {sheets}.",
    "damaged_parquet": "The Parquet file is damaged, or was cut off; write it again, or bring it as CSV.",
    "damaged_json": "A JSON file must have one object a line, or be one list of objects; this one cannot be read so. "
    "Write it again, or bring the table as CSV.",
    "damaged_json_line": "Each line must be one JSON object, but line {line} is none: '{found}'. Mend that line, or "
    "bring the table as CSV.",
    "damaged_json_list": "A JSON file that begins with [ must be one list of objects, but it cannot be read at line "
    "{line}, column {column}. Mend it there, or bring the table as CSV.",
    "damaged_json_item": "A list in a JSON file must hold objects alone, but item {item} is none: '{found}'. Mend it, "
    "or bring the table as CSV.",
    # How a file was read.
    "replaced_characters": "{count} characters are not valid {encoding} and became '\ufffd'; if others look wrong "
    "too, choose another encoding.",
    "replaced_characters_one": "One character is not valid {encoding} and became '\ufffd'.",
    "long_rows": "{count} rows have more than the usual {width} values (first: line {line}); the extra "
    "values stand in columns of their own.",
    "long_rows_one": "Line {line} has more than the usual {width} values; the extra values stand in columns "
    "of their own.",
    "short_rows": "{count} rows have fewer than the usual {width} values (first: line {line}); what they "
    "lack counts as missing.",
    "short_rows_one": "Line {line} has fewer than the usual {width} values; what it lacks counts as missing.",
    "footer": "{count} lines at the end are no rows and were left out (first: '{first}').",
    "footer_one": "The last line is no row and was left out: '{first}'.",
    "preamble": "{count} lines above the table were left out.",
    "preamble_one": "One line above the table was left out.",
    "missing_tokens": "Read as missing: {tokens}. If one of them means something here, change that in the "
    "reading options.",
    "renamed_columns": "{count} columns were renamed, so that every name is there once (first: {first}).",
    "renamed_columns_one": "A column was renamed, so that every name is there once: {first}.",
    "binary_column": "Column '{column}' holds binary data and was left out.",
    # Columns and values.
    "missing_values": "{count} of {rows} rows have no {column}.",
    "missing_values_one": "One of {rows} rows has no {column}.",
    "nearly_empty_column": "{missing} of {rows} rows have no {column}: too many to learn from, so it is ignored.",
    "empty_column": "Column '{column}' has no values at all, so it is ignored.",
    "constant_column": "Column '{column}' is '{value}' in every row, so nothing can be learned from it.",
    "id_like_column": "Column '{column}' has {distinct} different values in {rows} rows; it looks like a "
    "name or an id, so it is ignored.",
    "row_number_column": "Column '{column}' only numbers the rows, so it is ignored.",
    "mixed_values": "Column '{column}' looks numeric, but {count} of {of} values are not numbers (first: row "
    "{row}, '{value}'). They count as missing; or use the column as a category.",
    "mixed_values_one": "Column '{column}' looks numeric, but one of {of} values is not a number (row {row}, "
    "'{value}'). It counts as missing; or use the column as a category.",
    "not_dates": "Column '{column}' holds dates, but {count} values are none (first: row {row}, '{value}'); "
    "they count as missing.",
    "not_dates_one": "Column '{column}' holds dates, but row {row} has '{value}', which counts as missing.",
    "infinite_values": "{count} values of '{column}' are infinite; they count as missing.",
    "infinite_values_one": "One value of '{column}' is infinite; it counts as missing.",
    # The table as a whole.
    "few_rows": "Only {count} rows: whatever is measured on them is uncertain.",
    "few_rows_one": "Only one row: nothing can be learned from it.",
    "one_column": "'{column}' is the only column, so there is nothing to predict it from; is the delimiter right?",
    "duplicate_rows": "{count} of {rows} rows repeat an earlier row. Repeats that fall into both training "
    "and test make results look better than they are.",
    "duplicate_rows_one": "One of {rows} rows repeats an earlier row.",
    "rare_classes": "{count} classes of '{column}' have fewer than {fewer} rows (such as '{first}'), too few "
    "to learn or to judge them.",
    "rare_classes_one": "Class '{first}' of '{column}' has fewer than {fewer} rows, too few to learn or to "
    "judge it.",
    "imbalance": "{share} % of all rows have {column} '{value}': always answering that would be right as "
    "often. Read an accuracy against that share; balanced accuracy and F1 show how well the rest is found.",
    "wide_table": "{columns} columns to learn from, but only {rows} rows: with so few, some columns fit the target by "
    "chance alone. Leave out what cannot matter, and trust nothing but the test rows.",
    "capped_above": "{share} % of the values of '{column}' are exactly its largest one, {value}: perhaps all larger "
    "ones were cut off there, and a model cannot tell them apart.",
    "capped_below": "{share} % of the values of '{column}' are exactly its smallest one, {value}: perhaps all smaller "
    "ones were cut off there, and a model cannot tell them apart.",
    # Why a column is of its kind.
    "kind_number": "Numbers, {distinct} different ones",
    "kind_mostly_number": "Numbers, but for {bad} of {of} values",
    "kind_true_false": "True or false",
    "kind_two_values": "Only two values: '{first}' and '{second}'",
    "kind_one_value": "Either '{first}' or nothing",
    "kind_words": "{distinct} different values that repeat",
    "kind_few_numbers": "Whole numbers, only {distinct} different ones, so they may be names of groups",
    "kind_timestamp": "Dates or times",
    "kind_date": "Dates, written {format}",
    "kind_text": "Free text, {length} characters on average",
    "kind_empty": "No values at all",
    "kind_nearly_empty": "{missing} of {rows} rows have no value",
    "kind_constant": "The same value, '{value}', in every row",
    "kind_row_number": "Numbers the rows",
    "kind_nested": "Lists or objects, which cannot be learned from as they are",
    "kind_chosen": "Chosen by you",
    "kind_unique": "Nearly every row has another value ({distinct} in {rows} rows), as names and ids do",
    "kind_too_many": "Too many different values for categories ({distinct} in {rows} rows), and too short "
    "for text",
    # Archives and pictures.
    "damaged_archive": "'{name}' is damaged or was not copied completely ({detail}); bring it again.",
    "archive_path": "The archive must hold files below its own folder only, but names '{name}'; it was refused.",
    "archive_link": "The archive must hold plain files only, but '{name}' is a link or a device; pack the files "
    "themselves.",
    "archive_encrypted": "The archive is protected by a password; pack it without one.",
    "archive_too_many": "There must be no more than {most} files; there are more.",
    "archive_bomb": "The archive would unpack to more than {ratio} times its size, which no archive of data does; "
    "it was refused.",
    "archive_disk_full": "Unpacked, the data need more than the {free_mb} MB that are free on the disk; make room "
    "first.",
    "picture_unknown": "'{name}' is not a picture in a format that can be read (JPEG, PNG, GIF, BMP, WebP, TIFF, "
    "AVIF ...).",
    "picture_too_large": "'{name}' must have no more than {most} pixels, but has more; make it smaller.",
    "picture_damaged": "'{name}' is damaged and cannot be read as a picture ({detail}).",
    "no_readable_pictures": "None of the {pictures} pictures can be read: they are damaged, or in no format such as "
    "JPEG, PNG or WebP (first: {first}). Bring them again.",
    "no_pictures": "There must be class folders with pictures or texts (class/picture.jpg), or one table file; found "
    "no picture among {others} files (first: {first}).",
    "no_class_folders": "The {pictures} pictures must lie in one folder for each class (cat/1.jpg, dog/2.jpg), "
    "but lie in none (first: {first}). Or bring a table with them, one column of which names their files.",
    "several_tables": "There must be one table, beside the pictures that it names or alone; found {found} ({tables}). "
    "Keep the one to learn from.",
    "names_no_pictures": "A column of '{table}' must name the files of the pictures beside it (such as '{first}'), "
    "but none does; its columns are {columns}.",
    "named_pictures_unusable": "The {files} files that '{column}' names must be pictures, but none can be read "
    "(first: {first}).",
    "picture_missing": "There is no picture '{picture}' in this workspace any more.",
    "pictures_expected": "The model sees pictures, so bring a folder, a zip or tar of pictures, or one picture; "
    "'{name}' is none of these, or cannot be read.",
    "named_pictures_missing": "Column '{column}' must name pictures that lie beside the table, but none can be read "
    "(first: {first}); bring a zip or a folder that holds the table and its pictures.",
    "table_expected": "The model sees the columns of a table, so bring a table; '{name}' is none.",
    "no_known_columns": "The file must have the columns that were trained on ({columns}); it has {found}.",
    "named_absent": "{count} pictures that '{column}' names are not there (first: {first}); their rows are kept, "
    "without a picture.",
    "named_absent_one": "One picture that '{column}' names is not there ({first}); its rows are kept, without a "
    "picture.",
    "named_unusable": "{count} files that '{column}' names are damaged, empty or no pictures (first: {first}); "
    "their rows are kept, without a picture.",
    "named_unusable_one": "One file that '{column}' names is damaged, empty or no picture ({first}); its rows are "
    "kept, without a picture.",
    "unnamed_pictures": "{count} pictures are named by no row and were left out.",
    "unnamed_pictures_one": "One picture is named by no row and was left out.",
    "several_image_columns": "Several columns name pictures, and a model sees one picture per row: '{column}' is "
    "used, and {others} ignored. Change their kinds to use another.",
    "unreadable_pictures": "{count} files are damaged or no pictures and were left out.",
    "unreadable_pictures_one": "One file is damaged or no picture and was left out.",
    "empty_files": "{count} files are empty and were left out.",
    "empty_files_one": "One file is empty and was left out.",
    "too_large_pictures": "{count} pictures are absurdly large and were left out.",
    "too_large_pictures_one": "One picture is absurdly large and was left out.",
    "table_unused": "The table '{table}' was not used, for no column of it tells the pictures apart; the folders are "
    "the classes. To use both, write paths such as '{first}' into a column.",
    "table_unread": "The table '{table}' was not used; the folders are the classes. {why}",
    "other_files": "{count} files are no pictures and were left out.",
    "other_files_one": "One file is no picture and was left out.",
    "outside_classes": "{count} pictures lie in no class folder: they have no label.",
    "outside_classes_one": "One picture lies in no class folder: it has no label.",
    "pictures_in_classes": "{count} pictures lie in more than one class: at least one of their labels is wrong.",
    "pictures_in_classes_one": "One picture lies in more than one class: at least one of its labels is wrong.",
    "pictures_in_parts": "{count} pictures lie in more than one part of the split: results on them look better "
    "than they are.",
    "pictures_in_parts_one": "One picture lies in more than one part of the split: results on it look better than "
    "they are.",
    "repeated_pictures": "{count} of {of} pictures repeat another one.",
    "repeated_pictures_one": "One of {of} pictures repeats another one.",
    "few_pictures": "Only {count} pictures: whatever is measured on them is uncertain.",
    "few_pictures_one": "Only one picture: nothing can be learned from it.",
    "one_class_of_pictures": "All pictures are of one class, '{label}': there is nothing to tell apart.",
    "no_documents": "There must be class folders with texts (class/text.txt); found none among {others} files (first: "
    "{first}).",
    "unreadable_documents": "{count} files are damaged and were left out.",
    "unreadable_documents_one": "One file is damaged and was left out.",
    "too_large_documents": "{count} texts have more than 16 MB and were left out.",
    "too_large_documents_one": "One text has more than 16 MB and was left out.",
    "binary_files": "{count} files are no texts and were left out.",
    "binary_files_one": "One file is no text and was left out.",
    "documents_outside_classes": "{count} texts lie in no class folder: they have no label.",
    "documents_outside_classes_one": "One text lies in no class folder: it has no label.",
    "documents_in_classes": "{count} texts lie in more than one class: at least one of their labels is wrong.",
    "documents_in_classes_one": "One text lies in more than one class: at least one of its labels is wrong.",
    "documents_in_parts": "{count} texts lie in more than one part of the split: results on them look better than "
    "they are.",
    "documents_in_parts_one": "One text lies in more than one part of the split: results on it look better than they "
    "are.",
    "repeated_documents": "{count} of {of} texts repeat another one.",
    "repeated_documents_one": "One of {of} texts repeats another one.",
    "few_documents": "Only {count} texts: whatever is measured on them is uncertain.",
    "few_documents_one": "Only one text: nothing can be learned from it.",
    "one_class_of_documents": "All texts are of one class, '{label}': there is nothing to tell apart.",
    "kind_document": "Texts, one file each, {length} characters on average",
    "kind_image": "Pictures",
    "kind_further_image": "Pictures, as in '{first}', which is used: a model sees one picture per row",
    "kind_class_folder": "The folders that the files lie in, {distinct} classes",
    "kind_file_name": "The files' names",
    # Datasets and splits.
    "datasets_locked": "Another process has been changing the datasets in '{folder}' for minutes; wait for it, or "
    "end it.",
    "no_source": "Dataset '{dataset}' keeps no table file that could be read again; import it again.",
    "kind_of_unknown_column": "A kind was chosen for '{column}', but the columns are {columns}.",
    "column_unknown": "There is no column '{column}'; the columns are {columns}.",
    "no_predefined_parts": "A predefined split needs data that came in train, val and test folders; these did "
    "not. Choose another split.",
    "part_empty": "The {part} rows must be at least one, but of {rows} rows with a '{target}' none is left for "
    "them; bring more rows, or change the split.",
}
