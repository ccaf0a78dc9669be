"""Settings of every site, from environment variables; `.env.example` lists them.

Nothing set gives a local site on this machine with its own PostgreSQL and Valkey. A malformed variable
stops the start with one sentence that names it.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE

from qscounty import database_roles
from qscounty import environment as env
from qscounty.embedded import state

BASE_DIR = Path(__file__).resolve().parent.parent
STATE = state.locate_state(BASE_DIR)

# ---- The site -------------------------------------------------------------------------------------------
# local: this machine, plain HTTP, a key made by itself. http: an intranet without certificates.
# https: the way it should be; cookies are then sent over TLS only.
SITE = env.read_choice("QSCOUNTY_SITE", choices=("local", "http", "https"), default="local")
IS_LOCAL, IS_HTTPS = SITE == "local", SITE == "https"
# Shows source code and settings on errors, therefore never by default and never beside real data.
DEBUG = IS_LOCAL and env.read_flag("QSCOUNTY_DEBUG")

# Signs sessions and forms. A local site keeps its own in the state directory.
SECRET_KEY = env.read_text("QSCOUNTY_SECRET_KEY") or (
    state.read_secret_key(STATE)
    if IS_LOCAL
    else env.read_required("QSCOUNTY_SECRET_KEY", because="it signs sessions; put 50 random characters in it.")
)
# Host names under which the site answers; others are refused, since links in pages are made from them.
ALLOWED_HOSTS = env.read_names("QSCOUNTY_HOSTS") + (["localhost", "127.0.0.1", "[::1]"] if IS_LOCAL else [])
if not ALLOWED_HOSTS:
    env.read_required("QSCOUNTY_HOSTS", because="name the host names of the site, separated by commas.")
# Behind a proxy that ends TLS the origin in the browser has another scheme than the request here.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if IS_HTTPS else []
# Proxies whose X-Forwarded-For is believed, counted from us outwards. 0: nobody's word but the connection's.
TRUSTED_PROXIES = env.read_count("QSCOUNTY_PROXIES", default=0, most=5)

# ---- Parts ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "qscounty",
    "qscounty.web",
    "departments",
    "indicators",
    "reports",
    # No django.contrib.admin: every write goes through an action that checks and records it.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qscounty.middleware.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qscounty.refusal_trail.RefusalMiddleware",
    # Deny by default: a view is public only if it says `login_not_required`.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as it answers for views that refuse a log-in
]
ROOT_URLCONF = "qscounty.urls"
WSGI_APPLICATION = "qscounty.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
# Widgets may be overridden in templates/, like every other template.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ---- Database -------------------------------------------------------------------------------------------
# What this process is for decides how long a statement may run; wsgi.py and `up` set it.
PROCESS = env.read_choice("QSCOUNTY_PROCESS", choices=("command", "web", "worker"), default="command")
STATEMENT_SECONDS = {"command": 0, "web": 10, "worker": 60}[PROCESS]
DATABASE: dict[str, Any] = env.read_database("DATABASE_URL") or {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": str(STATE.sockets),
    "NAME": "qscounty",
    "USER": database_roles.USERS.get(PROCESS, database_roles.OWNER),
}
DATABASES = {
    "default": DATABASE
    | {
        # gunicorn's threads keep their connection; a dead one is noticed before it is used.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **DATABASE.get("OPTIONS", {}),
            # Nobody waits for ever: a busy or unreachable database becomes a page that says so.
            "connect_timeout": 3,
            "application_name": f"qscounty-{PROCESS}",
            "options": (
                f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout=3s"
                " -c idle_in_transaction_session_timeout=30s"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Row history is evidence: the trigger refuses changes to it, and the request's context is stored once.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)  # reading changes no history, and the context costs a millisecond

# In the process: nothing kept here may matter, and the broker may vanish without a request noticing.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ---- Background work ------------------------------------------------------------------------------------
REDIS_URL = env.read_broker("REDIS_URL")
_broker_socket = f"redis+socket://{quote(str(STATE.broker_socket))}?virtual_host="
CELERY_BROKER_URL = REDIS_URL or f"{_broker_socket}0"
CELERY_RESULT_BACKEND = REDIS_URL or f"{_broker_socket}1"
# A task ends (60 s) well before the broker believes its worker dead and gives it to another (120 s), so that
# it never runs twice at once. The broker reads the limit from the transport, results from their own options.
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
_visibility_seconds = 120
_broker_patience = {"socket_connect_timeout": 3, "socket_keepalive": True}
CELERY_VISIBILITY_TIMEOUT = _visibility_seconds
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": _visibility_seconds, **_broker_patience}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _visibility_seconds}
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 3
CELERY_REDIS_SOCKET_TIMEOUT = 10
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the worker waits for its broker as long as it takes
# Sending from a command gives up soon; the sweep sends again what is due.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2}
# Confirmed after the work, not before: a killed worker's task goes to another one, which repeats it.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_000_000  # kB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_EXPIRES = 3600
CELERY_TIMEZONE = "Asia/Shanghai"

# ---- Mail -----------------------------------------------------------------------------------------------
# Reminders are found on the site; with a mail server they are sent too. Few intranets have one, hence none by default.
HAS_MAIL = bool(_mail := env.read_mail("QSCOUNTY_MAIL_URL"))
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
SITE_ADDRESS = env.read_address("QSCOUNTY_ADDRESS", scheme="https" if IS_HTTPS else "http", host=ALLOWED_HOSTS[0])
EMAIL_TIMEOUT = 5  # seconds: a dead mail server must not hold a worker
DEFAULT_FROM_EMAIL = env.read_text("QSCOUNTY_MAIL_FROM", default=f"qscounty@{ALLOWED_HOSTS[0]}")

# ---- People ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "departments.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "departments:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}}]
# Ten wrong passwords close a name for one address only: a rival elsewhere cannot lock its owner out.
AXES_FAILURE_LIMIT = 10
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "qscounty.middleware.get_client_address"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Sessions live in the database: disabling an account ends them at once, and the broker may be emptied.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
# The prefix makes browsers refuse the cookie over plain HTTP and from sibling hosts. Several local sites on
# one host would overwrite each other's cookies, hence a name of their own.
_cookie = "__Host-qscounty" if IS_HTTPS else f"qscounty_{STATE.digest[:6]}" if IS_LOCAL else "qscounty"
SESSION_COOKIE_NAME = f"{_cookie}_session"
CSRF_COOKIE_NAME = f"{_cookie}_csrf"
LANGUAGE_COOKIE_NAME = "qscounty_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- What browsers are told -----------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]  # probes ask without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
# Browsers ignore it on plain HTTP addresses and say so in the console.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if SITE != "http" else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "qscounty.errors.show_forged"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # Plotly writes its own rules into the page; without them its picture covers everything.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# Bounds on what one request may bring; workbooks have their own, tighter ones.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an entry page of 1,000 rows

# ---- Language and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own language, for who cannot read the other
LOCALE_PATHS = [BASE_DIR / "qscounty" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ---- Static files ---------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = STATE.directory / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    # Not the finder of whole application folders: it would publish extensions and themes that no page uses.
    "qscounty.static_files.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "qscounty.static_files.StaticStorage"},
}
# Tests and a first look without `collectstatic` take the files from where they lie, each when asked for.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or not (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = STATE.directory / "media"
# Where the ends of the audit chains are written, out of the database's reach; best a disk that is copied elsewhere.
ANCHOR_DIRECTORY = Path(env.read_text("QSCOUNTY_ANCHORS", default=str(STATE.directory / "anchors")))

# ---- Journal --------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "qscounty.middleware.RequestFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
    "root": {
        "handlers": ["console"],
        "level": env.read_choice("QSCOUNTY_LOG_LEVEL", choices=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    },
    # Django's own handlers would print each error twice or mail it.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
