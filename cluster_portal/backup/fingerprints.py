"""What a database holds, in numbers: rows and a checksum of each table, the same wherever the rows are restored."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

# Read from the catalogue, not from Django's models: tables of packages and of links are part of a backup too.
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
# The sum does not depend on the order of rows, and takes no memory however many there are.
# Sixteen digits of md5 are a bigint; PostgreSQL sums those as numeric, so nothing overflows.
FINGERPRINT = """
    SELECT count(*), coalesce(sum(('x' || left(md5(given::text), 16))::bit(64)::bigint), 0)::text FROM {table} AS given
"""

Fingerprints = dict[str, list[int | str]]


def fingerprints(cursor: CursorWrapper) -> Fingerprints:
    """Rows and checksum of every table that `cursor` sees."""
    cursor.execute(TABLES)
    names = [name for (name,) in cursor.fetchall()]
    found: Fingerprints = {}
    for name in names:
        cursor.execute(FINGERPRINT.format(table=connection.ops.quote_name(name)))
        found[name] = list(cursor.fetchone())
    return found


def differences(wanted: Fingerprints, found: Fingerprints) -> list[str]:
    """One sentence for each table that is not as it should be."""
    sentences = []
    for name in sorted(wanted.keys() | found.keys()):
        before, after = wanted.get(name), found.get(name)
        if before is None or after is None:
            sentences.append(f"{name} is only in the {'database' if before is None else 'backup'}")
        elif before != after:
            sentences.append(f"{name} had {before[0]} rows and has {after[0]}, or their content differs")
    return sentences
