"""Settings of the portal: one file, read from the environment only; a wrong value stops the start.

`docs/operations.md` lists every variable. Nothing here differs between machines except through the environment.
"""

import re
from email.utils import parseaddr
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cluster_portal import account_forms, clock, logs, university_sign_in

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "var"))).resolve()
NODE_MODULES = BASE_DIR / "node_modules"

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (DEBUG or DEMO):
        raise ImproperlyConfigured("SECRET_KEY is not set: give a random string of 50 or more characters.")
    SECRET_KEY = "only-for-development-and-demo-never-in-production-0123456789"  # noqa: S105 refused in production above
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys, while what they signed is in use
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])

INSTALLED_APPS = [
    "cluster_portal",
    "exchange",
    "programmes",
    "funding",
    "policy",
    "practices",
    "applications",
    "notifications",
    "members",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "corsheaders",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "import_export",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
]

MIDDLEWARE = [
    "cluster_portal.middleware.head_without_body",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cluster_portal.health.health",
    "cluster_portal.metrics.requests.count_requests",  # before the kept pages: those are counted too
    "cluster_portal.visitor_pages.kept_for_visitors",  # before sessions and accounts: a kept page costs neither
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cluster_portal.support.seen_as",  # before all that asks who is there
    "cluster_portal.own_pages.kept_for_their_person",  # its key needs the person, the messages and the visit above
    "cluster_portal.signing_in.SignInFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cluster_portal.middleware.powers_of_the_browser",
    "csp.middleware.CSPMiddleware",
    "cluster_portal.middleware.content_security_policy_of_admin",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cluster_portal.middleware.time_zone_of_reader",
    "cluster_portal.middleware.history_context",
    "django_structlog.middlewares.RequestMiddleware",
    "cluster_portal.middleware.address_that_can_be",
    "cluster_portal.middleware.page_for_a_form_alone",
]

ROOT_URLCONF = "cluster_portal.urls"
WSGI_APPLICATION = "cluster_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "cluster_portal.context.portal",
            ],
        },
    },
]

# PostgreSQL is the only database; the local stack sets DATABASE_URL to its embedded server.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql:///cluster_portal")}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
MIGRATE_LOCK_TIMEOUT = env.str("MIGRATE_LOCK_TIMEOUT", default="5s")  # see `migrate` of the roof
MIGRATE_STATEMENT_TIMEOUT = env.str("MIGRATE_STATEMENT_TIMEOUT", default="15min")
for span in (MIGRATE_LOCK_TIMEOUT, MIGRATE_STATEMENT_TIMEOUT):
    if not re.fullmatch(r"\d+(ms|s|min|h)", span):
        raise ImproperlyConfigured(f"MIGRATE_LOCK_TIMEOUT or MIGRATE_STATEMENT_TIMEOUT is {span!r}: give 5s or 15min.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
PATIENT_CACHE = {"BACKEND": "cluster_portal.caching.PatientRedisCache", "LOCATION": REDIS_URL}
CACHES = {
    "default": PATIENT_CACHE | {"KEY_PREFIX": "portal", "OPTIONS": {"stand_in": "memory"}},
    "sessions": PATIENT_CACHE | {"KEY_PREFIX": "sessions", "OPTIONS": {"stand_in": "nothing"}},
    "pages": PATIENT_CACHE | {"KEY_PREFIX": "pages", "OPTIONS": {"stand_in": "nothing"}},
    # the pages a process answered last, so that the next reader does not wait for Redis to send them: some 10 MB
    "near": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "near",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # the rows stand in the database, Redis is faster
SESSION_CACHE_ALIAS = "sessions"
REMEMBER_LISTS = env.bool("REMEMBER_LISTS", default=True)  # counts and visitors' pages until anybody writes

# Accounts: e-mail is the only name one signs in with, and it is verified before first use.
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "given_name", "family_name")},  # Django's names are others
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("dashboard")
ACCOUNT_ADAPTER = "members.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "members.accounts.SignupNames"
ACCOUNT_FORMS, MFA_FORMS = account_forms.OF_ACCOUNTS, account_forms.OF_FACTORS
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[CLUSTER] "
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True  # nobody learns here whether somebody has an account
ACCOUNT_EMAIL_NOTIFICATIONS = True  # people are told when their password or a second factor changes
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}
MFA_ADAPTER = "members.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CLUSTER"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # passkeys on http://localhost
USERSESSIONS_TRACK_ACTIVITY = False
OIDC_SERVER = env.str("OIDC_SERVER", default="")
SOCIALACCOUNT_PROVIDERS = university_sign_in.providers(
    server=OIDC_SERVER, client_id=env.str("OIDC_CLIENT_ID", default=""),
    secret=env.str("OIDC_CLIENT_SECRET", default=""), name=env.str("OIDC_NAME", default="University account"),
)  # fmt: skip
SOCIALACCOUNT_ADAPTER = "members.accounts.UniversitySignIn"
SOCIALACCOUNT_AUTO_SIGNUP = False  # people say once whether they study or work; a university does not
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["cluster_portal.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("npm/inter", NODE_MODULES / "@fontsource-variable" / "inter" / "files"),
    ("npm/source-serif-4", NODE_MODULES / "@fontsource-variable" / "source-serif-4" / "files"),
    ("npm/htmx", NODE_MODULES / "htmx.org" / "dist"),
]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_URL = "/media/"  # nothing is served from here: each file goes through a view that asks who may
MEDIA_ROOT = STATE_DIR / "files"
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "cluster_portal.static_files.JoinedStaticFilesStorage"
    },
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "access_key": env.str("S3_ACCESS_KEY_ID", default=None),
            "secret_key": env.str("S3_SECRET_ACCESS_KEY", default=None),
            "addressing_style": "path",  # stores of one's own have no name for each bucket
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
CLAMD = env.str("CLAMD", default="")  # where a virus scanner listens: "host:3310" or the path of its socket
if CLAMD and not re.fullmatch(r"/.+|.+:[0-9]{1,5}", CLAMD):
    raise ImproperlyConfigured(f'CLAMD is "{CLAMD}": give host:port, like clamav:3310, or the path of a socket.')
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A full course list of a programme has 200 rows of seven fields each; Django's 1000 would answer its Save with 400.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CLUSTER portal <portal@demo.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
if "@" not in CONTACT_EMAIL:
    raise ImproperlyConfigured(f"CONTACT_EMAIL is {CONTACT_EMAIL!r}: give an address that people may write to.")
MAIL_CATCHER_PORT = env.int("MAIL_CATCHER_PORT", default=1025)
vars().update(env.email_url("EMAIL_URL", default=f"smtp://127.0.0.1:{MAIL_CATCHER_PORT}"))
EMAIL_TIMEOUT = 20  # seconds; a mail server that hangs must not hold the outbox

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a worker with a long job keeps no short ones from the others
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # worker and beat wait for Redis as long as it takes
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than a job may take (below), or Redis hands a running one out again
    "socket_connect_timeout": 1,
    # Who asks for a job while Redis is away is not held up: the clock asks again.
    "max_retries": 1,
    "interval_start": 0.1,
    "connect_retries_timeout": 0.1,
}
CELERY_TASK_TIME_LIMIT = 540
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = clock.SCHEDULE

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # probes ask the process itself, without https
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31536000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # limits count the visitor's address, not the proxy's
CSRF_FAILURE_VIEW = "cluster_portal.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *university_sign_in.form_targets(OIDC_SERVER, env.list("OIDC_ALSO_AT", default=[]))],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

UNFOLD = {
    "SITE_TITLE": "CLUSTER",
    "SITE_HEADER": "CLUSTER administration",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}],
    "SHOW_HISTORY": True,
    "STYLES": [lambda request: static("css/admin.css")],
    "SCRIPTS": [lambda request: static("js/admin.js")],
    "SHOW_VIEW_ON_SITE": True,
    "COLORS": {  # the portal's blue, from light to dark
        "primary": {
            step: f"oklch({light} 0.08 252)"
            for step, light in zip(
                ("50", "100", "200", "300", "400", "500", "600", "700", "800", "900", "950"),
                (0.975, 0.945, 0.89, 0.81, 0.74, 0.66, 0.34, 0.3, 0.26, 0.22, 0.17),
                strict=True,
            )
        }
    },
}
IMPORT_EXPORT_USE_TRANSACTIONS = True
PGHISTORY_DEFAULT_TRACKERS = None

# The API: read by anybody, from any site, without cookies; who sends a token is somebody.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "members.rest.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["members.rest.authentication.WithinScope"],
    "DEFAULT_THROTTLE_CLASSES": ["members.rest.limits.Limit"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "members.rest.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "members.rest.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
}
API_REQUESTS_A_MINUTE = {
    "visitor": env.int("API_VISITOR_REQUESTS_A_MINUTE", default=120),
    "person": env.int("API_PERSON_REQUESTS_A_MINUTE", default=300),
    "token": env.int("API_TOKEN_REQUESTS_A_MINUTE", default=600),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CLUSTER portal",
    "DESCRIPTION": "Universities, units, programmes, courses, exchange places, rounds, funding calls, events and "
    "practices of the CLUSTER consortium, to read.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": ["members.rest.schema.without_marks"],  # values stand where they are used
    "SERVERS": [{"url": PUBLIC_URL}],
}
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "if-none-match"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After"]
CORS_PREFLIGHT_MAX_AGE = 86400

RATELIMIT_USE_CACHE = "default"
RATELIMIT_VIEW = "cluster_portal.errors.too_many_requests"

METRICS_TOKENS = env.list("METRICS_TOKEN", default=[])
if any(len(token) < 20 for token in METRICS_TOKENS):
    raise ImproperlyConfigured("METRICS_TOKEN is too short: give a random string of 20 or more characters.")

LOG_FORMAT = env.str("LOG_FORMAT", default="console" if DEBUG else "json")
if LOG_FORMAT not in {"console", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}: give console or json.")
LOGGING = logs.configure(LOG_FORMAT)
