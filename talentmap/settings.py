"""All settings, read from the environment; `docs/configuration.md` explains each variable."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from talentmap.embedded import connection_urls

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(os.environ.get("TALENTMAP_STATE_DIR", BASE_DIR / ".local"))
env = environ.Env()

MODE = env.str("TALENTMAP_MODE", default="demo")
DEMO = MODE == "demo"
DEBUG = env.bool("DEBUG", default=False)

DEMO_SECRET_KEY = "demo-only-not-secret-" + "0123456789abcdef" * 3
DEMO_FIELD_KEY = "ZGVtby1vbmx5LWZpZWxkLWtleS1ub3Qtc2VjcmV0ISE="
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY)
# First key encrypts, all decrypt: put a new key in front to rotate, then run `manage.py rotate_field_keys`.
FIELD_KEYS = env.list("FIELD_KEYS", default=[DEMO_FIELD_KEY])
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", default="demo-only-blind-index-key-not-secret")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "pgtrigger",
    "talentmap",
    "needs",
    "growth",
    "support",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "talentmap.ui.middleware.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "talentmap.ui.middleware.ChosenLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "talentmap.accounts.middleware.SessionGuardMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "talentmap.ui.middleware.BadInputMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "talentmap.urls"
WSGI_APPLICATION = "talentmap.wsgi.application"
ASGI_APPLICATION = "talentmap.asgi.application"

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
                "talentmap.ui.context.page",
            ],
            "libraries": {"ui": "talentmap.ui.templatetags.ui"},
        },
    },
]
FORM_RENDERER = "talentmap.ui.renderers.PlainRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

_embedded_database, _embedded_redis = connection_urls(BASE_DIR)
DATABASE_URL_SET = bool(env.str("DATABASE_URL", default=""))
DATABASES = {"default": env.db("DATABASE_URL", default=_embedded_database)}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DATABASE_NAME", default="test_talentmap")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=_embedded_redis)
# Clearing the cache flushes its Redis database, so the broker's queues must not be in it.
CACHE_URL = (
    REDIS_URL.replace("redis+socket://", "unix://") + "?db=1"
    if REDIS_URL.startswith("redis+socket://")
    else urlsplit(REDIS_URL)._replace(path="/1").geturl()
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "talentmap",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
# So long does an open board go on asking for its figures by itself, whatever becomes of its reader's session.
BOARD_DAYS = env.int("BOARD_DAYS", default=30)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

AUTH_USER_MODEL = "talentmap.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "talentmap.accounts.backends.NameOrMobileBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "mobile", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# Staff, leaders and partners must hold a second factor; only the demo lets them in without.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMO)
OTP_TOTP_ISSUER = "Talentmap"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# By name and address; and by name alone, for whoever tries from many addresses.
NAME_FAILURE_LIMIT = 30
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "talentmap.accounts.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True  # SignIn keeps both, successes and failures, and for good
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "talentmap.accounts.backends.counted_name"
AXES_CLIENT_IP_CALLABLE = "talentmap.accounts.addresses.client_ip"
# How many reverse proxies of our own stand in front: their X-Forwarded-For is believed, no more.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
RATELIMIT_IP_META_KEY = "talentmap.accounts.addresses.client_ip"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["talentmap.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(STATE_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "talentmap.ui.finders.FrontEndPackagesFinder",
]
# A folder with the fonts that GB/T 9704 names, where the office owns them: body.ttf, title.ttf, heading.ttf.
LETTER_FONTS_DIR = env.str("LETTER_FONTS_DIR", default="")
# Uploads are private: nothing under MEDIA_ROOT has a URL, views hand files out one by one.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(STATE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "talentmap.ui.storage.StaticStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LIMIT_MB = env.int("UPLOAD_LIMIT_MB", default=10)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="talentmap@localhost")
EMAIL_TIMEOUT = 10
# talentmap.notices.aliyun.AliyunSms sends real text messages; the default writes each into a file.
SMS_CHANNEL = env.str("SMS_CHANNEL", default="talentmap.notices.channels.ConsoleSms")
SMS_OUTBOX = env.path("SMS_OUTBOX", default=str(STATE_DIR / "sms"))
ALIYUN_SMS = {
    "endpoint": env.str("ALIYUN_SMS_ENDPOINT", default="https://dysmsapi.aliyuncs.com/"),
    "key": env.str("ALIYUN_SMS_KEY", default=""),
    "secret": env.str("ALIYUN_SMS_SECRET", default=""),
    "sign_name": env.str("ALIYUN_SMS_SIGN_NAME", default=""),
    "template": env.str("ALIYUN_SMS_TEMPLATE", default=""),
    "code_template": env.str("ALIYUN_SMS_CODE_TEMPLATE", default=""),
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# The admin theme runs on Alpine.js, which evaluates attribute expressions; it is for reference data only.
ADMIN_CONTENT_SECURITY = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}
CSRF_FAILURE_VIEW = "talentmap.ui.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if not DEMO:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

UNFOLD = {
    "SITE_TITLE": _("Talentmap"),
    "SITE_HEADER": _("Talentmap"),
    "SITE_ICON": "talentmap.dashboards.admin_index.mark",
    "SITE_URL": "/",
    # The accent of the pages (`--accent`), lighter and darker, in place of the theme's own purple.
    "COLORS": {
        "primary": {
            "50": "#fdf6f5",
            "100": "#fbeeec",
            "200": "#f5d3cf",
            "300": "#eaaaa4",
            "400": "#d8726a",
            "500": "#c5453b",
            "600": "#b3261e",
            "700": "#8e1d17",
            "800": "#711712",
            "900": "#59120e",
            "950": "#390b08",
        },
    },
    "DASHBOARD_CALLBACK": "talentmap.dashboards.admin_index.figures",
    "SHOW_LANGUAGES": False,
}

COUNTY_CODE = env.str("COUNTY_CODE", default="511525000000")
# As it signs letters and stands in the header.
OFFICE_NAME = env.str("OFFICE_NAME", default="高县人才服务中心")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
