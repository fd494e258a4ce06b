"""The SQL behind the search entries, composed from the registered kinds. Nothing here runs anything.

For each kind: `search_refresh_<kind>(ids)` makes the entries of these rows what they must be, and for each table it
watches one function with three triggers (insert, update, delete) that calls it once per statement, with every row that
the statement touched. So an import of thousands of rows costs a few set-based statements, not thousands of small ones.
"""

# ruff: noqa: S608  every part is a name of a kind, table or column, or composed by Django; nobody types any of it
from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from members.folding import folding_sql
from members.models.search import SearchEntry, SearchWord
from members.searching.kinds import COLUMNS, Kind, Watch

# Everything that is neither letter nor digit parts words, for Python (members.searching.typed) and PostgreSQL alike.
PUNCTUATION = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u3000-\u303f]+"
)
LONGEST_TEXT = 20_000
SHORTEST_WORD = 4

ENTRIES, WORDS = SearchEntry._meta.db_table, SearchWord._meta.db_table
KEPT = ("key", "title", "subtitle", "summary", "plain_title", "codes", "weight", "vector")

# Most texts are plain ASCII, for which folding is lower case: a fifth of the time.
PLAIN = f"""
CREATE OR REPLACE FUNCTION search_plain(typed text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $plain$
  SELECT CASE
    WHEN octet_length(typed) = char_length(typed)
    THEN btrim(regexp_replace(lower(typed COLLATE "C"), '[^a-z0-9]+' COLLATE "C", ' ', 'g')) COLLATE "C"
    ELSE btrim(regexp_replace({folding_sql() % {"expressions": "typed"}}, '{PUNCTUATION}', ' ', 'g') COLLATE "C")
  END
$plain$
"""
CODES = """
CREATE OR REPLACE FUNCTION search_codes(codes text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $codes$
  SELECT coalesce(array_agg(DISTINCT code), '{}')
    FROM (SELECT replace(search_plain(typed), ' ', '') FROM unnest(codes) AS typed) AS found(code) WHERE code <> ''
$codes$
"""
# Words as they are weigh by where they stand; their English stems weigh least, so that no name is stemmed away.
# OFFSET 0 keeps PostgreSQL from folding the same text anew for each place where it is used.
VECTOR = f"""
CREATE OR REPLACE FUNCTION search_vector(title text, codes text[], names text, subtitle text, words text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $vector$
  SELECT setweight(to_tsvector('pg_catalog.simple', p.heading), 'A')
      || setweight(to_tsvector('pg_catalog.simple', array_to_string(search_codes(codes), ' ')), 'A')
      || setweight(to_tsvector('pg_catalog.simple', p.parts_of_codes), 'B')
      || setweight(to_tsvector('pg_catalog.simple', p.called), 'B')
      || setweight(to_tsvector('pg_catalog.simple', p.second), 'C')
      || setweight(to_tsvector('pg_catalog.simple', p.body), 'D')
      || setweight(to_tsvector('pg_catalog.english', p.heading || ' ' || p.called), 'D')
      || setweight(to_tsvector('pg_catalog.english', p.body), 'D')
    FROM (
      SELECT search_plain(title) AS heading, search_plain(array_to_string(codes, ' ')) AS parts_of_codes,
             search_plain(names) AS called, search_plain(subtitle) AS second,
             search_plain(left(words, {LONGEST_TEXT})) AS body
      OFFSET 0
    ) AS p
$vector$
"""
SHARED = (PLAIN, CODES, VECTOR)


def composed(queryset: QuerySet) -> str:
    """The QuerySet as SQL with its parameters written into it, for the body of a function."""
    statement, params = queryset.query.sql_with_params()
    return connection.ops.compose_sql(statement, params)


def statements(kind: Kind) -> Iterator[str]:
    """All that one kind needs in the database, in order; each may be run again."""
    yield refresh_function(kind)
    for number, watch in enumerate(kind.watches):
        yield watching_function(kind, number, watch)
        yield from triggers(kind, number, watch)


def refresh_function(kind: Kind) -> str:
    """Rows are locked first and read afterwards: a change that another transaction makes meanwhile is seen or waits."""
    changed = ", ".join(f"{column} = EXCLUDED.{column}" for column in KEPT)
    stored = ", ".join(f"entry.{column}" for column in KEPT)
    wanted = ", ".join(f"EXCLUDED.{column}" for column in KEPT)
    written = f"""INSERT INTO {ENTRIES} AS entry (kind, object_id, updated_at, {", ".join(KEPT)})
    SELECT '{kind.key}', object_id, now(), key, title, subtitle, summary, search_plain(title), search_codes(codes),
           weight, search_vector(title, codes, names, subtitle, summary || ' ' || words)
      FROM ({built(kind)}) AS built WHERE built.object_id = ANY(ids) ORDER BY object_id
    ON CONFLICT (kind, object_id) DO UPDATE SET updated_at = EXCLUDED.updated_at, {changed}
     WHERE ({stored}) IS DISTINCT FROM ({wanted})"""
    return f"""
CREATE OR REPLACE FUNCTION search_refresh_{kind.key}(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $refresh$
BEGIN
  PERFORM 1 FROM {ENTRIES} WHERE kind = '{kind.key}' AND object_id = ANY(ids) ORDER BY object_id FOR UPDATE;
  DELETE FROM {ENTRIES} WHERE kind = '{kind.key}' AND object_id = ANY(ids)
     AND object_id NOT IN (SELECT built.object_id FROM ({built(kind)}) AS built WHERE built.object_id = ANY(ids));
  {with_words(kind, written)};
END $refresh$
"""


def with_words(kind: Kind, written: str) -> str:
    """New words join the vocabulary at once; known ones are left alone, so that nobody waits for a common word."""
    if not kind.spells:
        return written
    return f"""WITH fresh AS (
    {written}
    RETURNING vector
  )
  INSERT INTO {WORDS} (word, entries)
  SELECT DISTINCT part, 1 FROM fresh, unnest(tsvector_to_array(ts_filter(fresh.vector, '{{a,b,c}}'))) AS part
   WHERE length(part) >= {SHORTEST_WORD} AND part !~ '[0-9]'
     AND NOT EXISTS (SELECT 1 FROM {WORDS} AS known WHERE known.word = part)
   ORDER BY part
  ON CONFLICT DO NOTHING"""


def built(kind: Kind) -> str:
    """The kind's QuerySet with the columns' own names and no empty text."""
    texts = ", ".join(f"coalesce(raw.{column}::text, '') AS {column}" for column in COLUMNS[1:7])
    return (
        f"SELECT raw.object_id, {texts}, coalesce(raw.codes, '{{}}') AS codes, coalesce(raw.weight, 0) AS weight"
        f" FROM ({composed(kind.entries())}) AS raw({', '.join(COLUMNS)})"
    )


def watching_function(kind: Kind, number: int, watch: Watch) -> str:
    owner, pk = _column(watch.model, watch.owner), watch.model._meta.pk.column
    columns = [_column(watch.model, name) for name in watch.columns]
    new = ", ".join(f'n."{column}"' for column in columns)
    old = ", ".join(f'o."{column}"' for column in columns)
    moved = f'SELECT %s."{owner}" FROM new_rows n JOIN old_rows o ON n."{pk}" = o."{pk}"'
    moved += f" WHERE ROW({new}) IS DISTINCT FROM ROW({old})"
    changed = f"{moved % 'n'} UNION {moved % 'o'}" if owner != pk else moved % "n"
    return f"""
CREATE OR REPLACE FUNCTION {name_of(kind, number)}() RETURNS trigger LANGUAGE plpgsql AS $watch$
DECLARE affected bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    {_affected(kind, watch, f'SELECT n."{owner}" FROM new_rows n')};
  ELSIF TG_OP = 'DELETE' THEN
    {_affected(kind, watch, f'SELECT o."{owner}" FROM old_rows o')};
  ELSE
    {_affected(kind, watch, changed)};
  END IF;
  IF affected IS NOT NULL THEN
    PERFORM search_refresh_{kind.key}(affected);
  END IF;
  RETURN NULL;
END $watch$
"""


def _affected(kind: Kind, watch: Watch, changed: str) -> str:
    """The things whose entries read what changed."""
    if watch.via == "pk":
        return f"SELECT array_agg(DISTINCT changed.owner) INTO affected FROM ({changed}) AS changed(owner)"
    things = composed(kind.model._base_manager.order_by().values_list("pk", watch.via))
    return (
        f"SELECT array_agg(DISTINCT thing.id) INTO affected FROM ({things}) AS thing(id, owner)"
        f" WHERE thing.owner IN ({changed})"
    )


def triggers(kind: Kind, number: int, watch: Watch) -> Iterator[str]:
    """PostgreSQL gives a trigger the rows of a statement only where it listens to one sort of event."""
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }
    for event, tables in rows.items():
        yield (
            f'CREATE OR REPLACE TRIGGER {name_of(kind, number)}_{event} AFTER {event} ON "{watch.model._meta.db_table}"'
            f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name_of(kind, number)}()"
        )


def name_of(kind: Kind, number: int) -> str:
    return f"search_{kind.key}_{number}"


def _column(model: type, name: str) -> str:
    return model._meta.pk.column if name == "pk" else model._meta.get_field(name).column
