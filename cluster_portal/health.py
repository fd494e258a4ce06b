"""Is the process alive (`/healthz`), and what does it lack (`/readyz`)? Answered for any host name, without https."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Handler = Callable[[HttpRequest], HttpResponse]

WITHOUT_DATABASE = "PostgreSQL is away: no page can be made. The portal goes on by itself when it is back."
WITHOUT_REDIS = (
    "Redis is away: pages are slower, each process counts rate limits for itself, e-mails and jobs wait. "
    "Nothing is lost; it goes on by itself when Redis is back."
)


def health(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return _readiness()
        return get_response(request)

    return middleware


def _readiness() -> JsonResponse:
    """503 without the database; without Redis the portal works, so a balancer must not take it away."""
    database, redis = database_is_up(), redis_is_up()
    missing = [words for is_up, words in ((database, WITHOUT_DATABASE), (redis, WITHOUT_REDIS)) if not is_up]
    status = "not ready" if not database else "slower" if missing else "ok"
    found = {"status": status, "database": database, "redis": redis, "missing": missing}
    return JsonResponse(found, status=200 if database else 503)


def database_is_up() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def redis_is_up() -> bool:
    """By a line of its own: the caches never say that they miss it."""
    quick = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
    try:
        with Redis.from_url(settings.REDIS_URL, **quick) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False
