"""One folder per backup: the database as one moment saw it, the files, and a manifest to compare a restoration with.

`manage.py backup` and `manage.py restore`; docs/operations.md says when and how.
"""

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"


class BackupError(Exception):
    """What was asked cannot be done; the text says why and what to do."""
