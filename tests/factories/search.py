"""Many rows at once, by SQL, for measuring the search; the triggers make their entries as for any other row."""

from django.db import connection

from tests.factories.members import FieldFactory, UniversityFactory

# Titles are made of two of these: each stands in an eighth of all rows.
WORDS = [
    "robotics", "control", "energy", "materials", "photonics", "acoustics", "hydraulics", "mechanics",
    "statistics", "optics", "logistics", "ceramics", "networks", "compilers", "turbines", "polymers",
]  # fmt: skip


def seed_placements(number: int, hosts: int = 100) -> None:
    """Add `number` placements at `hosts` new universities, nine of ten published; one of a thousand has narwhals."""
    universities = UniversityFactory.create_batch(hosts)
    field = FieldFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
              INSERT INTO applications_option
                     (kind, slug, title, host_id, academic_year, term, level, field_id, places, is_sample)
              SELECT 'exchange', 'seeded-' || n,
                     concat_ws(' ', (%(words)s::text[])[1 + n %% 16], (%(words)s::text[])[1 + (n / 16) %% 16],
                               'laboratory', n),
                     (%(hosts)s::bigint[])[1 + n %% %(count)s], 2027, 'autumn', 'master', %(field)s, 2, true
                FROM generate_series(1, %(number)s) AS n
              RETURNING id, slug
            )
            INSERT INTO exchange_placement
                   (option_ptr_id, version, unit_name, description, languages, months, courses_url, contact_name,
                    contact_email, contact_audience, state, state_since, created_at)
            SELECT id, 1, '', CASE WHEN slug LIKE '%%000' THEN 'Seminar on narwhals.' ELSE 'Courses and projects.' END,
                   '{en}', 5, '', '', '', 'members',
                   CASE WHEN slug LIKE '%%7' THEN 'draft' ELSE 'published' END, now(), now()
              FROM made
            """,
            {
                "words": WORDS,
                "hosts": [university.pk for university in universities],
                "count": hosts,
                "field": field.pk,
                "number": number,
            },
        )
        cursor.execute("ANALYZE members_searchentry, applications_option, exchange_placement")
