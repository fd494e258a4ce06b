"""`manage.py migrate`, Django's own, that never makes the portal wait for it.

A statement that must lock a table makes everybody who comes later wait behind it. Where it does not get its lock soon
it gives up, and so does the migration, of which nothing stays; the pages go on (docs/operations.md, Upgrade).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable, QueryCanceled

AGAIN = "Nothing of this migration stays, the earlier ones do. Run the command again"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with patience(options["database"]):
                super().handle(*args, **options)
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                limit = settings.MIGRATE_LOCK_TIMEOUT
                raise CommandError(f"A table was in use for longer than {limit}. {AGAIN} in a quiet moment.") from error
            if isinstance(error.__cause__, QueryCanceled):
                limit = settings.MIGRATE_STATEMENT_TIMEOUT
                raise CommandError(f"A statement took longer than {limit}. {AGAIN} with more time.") from error
            raise


@contextmanager
def patience(database: str) -> Iterator[None]:
    """For the duration: how long a statement may wait for a lock, and how long it may take."""
    connection = connections[database]
    limits = {"lock_timeout": settings.MIGRATE_LOCK_TIMEOUT, "statement_timeout": settings.MIGRATE_STATEMENT_TIMEOUT}
    with connection.cursor() as cursor:
        for name, value in limits.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            connection.close()  # the limits end with the line
