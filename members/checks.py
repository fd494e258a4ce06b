"""What must hold in the database before the portal may serve people.

Run by `manage.py migrate` and by `manage.py check --database default`: the container's entry calls one of them, so a
production start with demo people is refused (docs/operations.md).
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

DEMO_ENDING = "@demo.example"


@register(Tags.database)
def no_demo_people_in_production(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[Error]:
    """Accounts of the demo have a password everybody knows; with DEMO off they may not exist."""
    from members.models import User

    if settings.DEMO or not databases or "default" not in databases:
        return []
    # Before the first `migrate` there is no table to ask, and nobody in it.
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []
    count = User.objects.filter(email__endswith=DEMO_ENDING, is_active=True).count()
    if not count:
        return []
    return [
        Error(
            f"{count} demo account(s) (…{DEMO_ENDING}) are in the database and DEMO is off; their password is public.",
            hint="Use another database, set DEMO=1 for a demo, or close the accounts: "
            f"User.objects.filter(email__endswith={DEMO_ENDING!r}).update(is_active=False).",
            id="members.E001",
        )
    ]
