"""Sentences about requests to the server: uploads, downloads, and who may ask."""

SENTENCES = {
    "host_refused": "This Leyden does not answer to the name '{host}'; open it as http://localhost, or start it "
    "with --server.allowedHosts to add a name.",
    "method_wrong": "{path} must be asked with {allowed}, but was asked with {found}.",
    "origin_refused": "This request came from another site ({origin}); open Leyden's own page and try again.",
    "session_refused": "This browser has no session with this Leyden; open or reload its page first.",
    "address_unknown": "There is nothing at {path}.",
    "file_unknown": "'{name}' is not among the files of run '{run}'; it may not have been written yet.",
    "test_sealed": "The test rows of run '{run}' have not been opened; open them on the run's page first.",
    "media_unknown": "There is no image {sha256} in this workspace.",
    "server_failed": "Something went wrong that should not ({kind}); the server's log tells more.",
    "upload_unnamed": "An upload needs the name of its file.",
    "upload_empty": "'{name}' is empty (0 bytes); choose a file with content.",
    "upload_too_large": "'{name}' is larger than the {limit} GB that this server accepts; import it by its path "
    "on the server, or raise LEYDEN_MAX_UPLOAD_GB.",
    "upload_no_space": "The server's disk has {free} GB left, too little for '{name}'; free some space "
    "and try again.",
}
