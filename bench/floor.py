"""The floor: the rows of each list by one hand-written query and one compiled template, under the same gunicorn.

Nothing is asked about who reads, nothing is counted, filtered or linked: less than this no page can do.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from django.template import Context, Engine
from psycopg.rows import dict_row

# Rows as the search ranks them, but for what may be seen: in the bench's database everything is public.
SEARCHED = """SELECT e.key AS slug, e.title AS name, e.subtitle AS title, e.summary AS place, e.kind AS country
    FROM members_searchentry e, to_tsquery('simple', '%s') AS wanted WHERE e.vector @@ wanted
    ORDER BY ts_rank_cd(e.vector, wanted, 1) DESC, e.title, e.id LIMIT 20"""
QUERIES = {
    "/universities/": """SELECT u.slug, u.short_name AS name, u.name AS title, u.city AS place, c.name AS country
        FROM members_university u JOIN members_country c ON c.code = u.country_id
        ORDER BY u.short_name, u.id LIMIT 25""",
    "/programmes/": """SELECT p.slug, p.title AS name, f.name AS title, p.level AS place, p.kind AS country
        FROM programmes_programme p JOIN members_field f ON f.code = p.field_id
        WHERE p.state = 'published' ORDER BY p.title, p.id LIMIT 25""",
    "/exchange/placements/": """SELECT o.slug, o.title AS name, u.name AS title, u.city AS place, o.term AS country
        FROM exchange_placement p JOIN applications_option o ON o.id = p.option_ptr_id
        JOIN members_university u ON u.id = o.host_id WHERE p.state = 'published' ORDER BY o.title, o.id LIMIT 25""",
    "/funding/calls/": """SELECT c.slug, c.title AS name, p.name AS title, c.action_type AS place,
        s.deadline::text AS country
        FROM funding_call c JOIN funding_fundingprogramme p ON p.id = c.programme_id
        JOIN funding_callstage s ON s.call_id = c.id WHERE c.state = 'published' ORDER BY s.deadline, c.id LIMIT 25""",
    "/search/?q=engineering+77": SEARCHED % "engineering & 77:*",
    "/search/?q=engineering": SEARCHED % "engineering:*",
}
PAGE = Engine().from_string(
    """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>CLUSTER</title></head><body><main><h1>List</h1>
<ol>{% for row in rows %}<li><h2><a href="/{{ row.slug }}/">{{ row.name }}</a></h2><p>{{ row.title }}</p>
<p>{{ row.place }}, {{ row.country }}</p></li>{% endfor %}</ol></main></body></html>"""
)
own = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI: one query, one template."""
    if not hasattr(own, "connection"):
        own.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row)
    asked = "?".join(filter(None, (environ["PATH_INFO"], environ["QUERY_STRING"])))
    rows = own.connection.execute(QUERIES[asked]).fetchall()
    page = PAGE.render(Context({"rows": rows})).encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))])
    return [page]
