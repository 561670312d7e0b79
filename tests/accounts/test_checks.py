"""Production refuses the demo's secrets; with good ones Django's own deployment check has nothing to say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from talentmap.accounts.checks import production_secrets, production_services, refuse_demo_secrets

GOOD = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": "k7w2" * 20,
    "FIELD_KEYS": [Fernet.generate_key().decode()],
    "BLIND_INDEX_KEY": "b8n4" * 12,
    "ALLOWED_HOSTS": ["talent.example.gov.cn"],
    "SECOND_FACTOR_REQUIRED": True,
}


@pytest.fixture
def production(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def test_good_secrets_are_accepted(production):
    assert production_secrets() == []
    refuse_demo_secrets()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SECRET_KEY", "DEMO_SECRET_KEY", "E001"),
        ("SECRET_KEY", "short", "E001"),
        ("FIELD_KEYS", "DEMO_FIELD_KEY", "E002"),
        ("FIELD_KEYS", [], "E002"),
        ("FIELD_KEYS", ["no key at all"], "E003"),
        ("BLIND_INDEX_KEY", "demo-only-blind-index-key-not-secret", "E004"),
        ("BLIND_INDEX_KEY", "short", "E004"),
        ("ALLOWED_HOSTS", ["*"], "E005"),
        ("ALLOWED_HOSTS", [], "E005"),
        ("SECOND_FACTOR_REQUIRED", False, "E006"),
        ("DEBUG", True, "E007"),
    ],
)
def test_each_weak_setting_stops_production(production, name, value, fault):
    if isinstance(value, str) and value.startswith("DEMO_"):
        value = getattr(production, value)
        value = [value] if name == "FIELD_KEYS" else value
    setattr(production, name, value)
    assert [found.id for found in production_secrets()] == [f"talentmap.{fault}"]
    with pytest.raises(ImproperlyConfigured):
        refuse_demo_secrets()


def test_the_demo_is_content_with_its_own(settings):
    settings.DEMO = True
    assert production_secrets() == []


@pytest.mark.parametrize(
    ("name", "value", "gap"),
    [
        ("SMS_CHANNEL", "talentmap.notices.channels.ConsoleSms", "W001"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "W002"),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", "W002"),
        ("DATABASE_URL_SET", False, "W003"),
    ],
)
def test_messages_that_reach_nobody_and_a_database_beside_the_code_are_warned_of(production, name, value, gap):
    production.SMS_CHANNEL = "talentmap.notices.aliyun.AliyunSms"
    production.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    production.DATABASE_URL_SET = True
    assert production_services() == []
    setattr(production, name, value)
    assert [found.id for found in production_services()] == [f"talentmap.{gap}"]
    production.DEMO = True
    assert production_services() == []


def test_no_two_checks_share_an_id():
    """An id is what an installation silences a check by."""
    ids = [
        found
        for path in Path("talentmap").rglob("*.py")
        for found in re.findall(r"[\"\'](?:talentmap\.)?([EW]0\d\d)[\"\']", path.read_text(encoding="utf-8"))
    ]
    assert ids and sorted(ids) == sorted(set(ids))


def run(*arguments, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_web_server_does_not_start_with_the_demos_secrets():
    started = run("-c", "import talentmap.wsgi", TALENTMAP_MODE="production", ALLOWED_HOSTS="talent.example.gov.cn")
    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr and "ImproperlyConfigured" in started.stderr


def test_the_deployment_check_is_clean_with_good_secrets_and_fails_with_the_demos():
    good = {
        "TALENTMAP_MODE": "production",
        "SECRET_KEY": "k7w2-XyZ" * 10,
        "FIELD_KEYS": GOOD["FIELD_KEYS"][0],
        "BLIND_INDEX_KEY": GOOD["BLIND_INDEX_KEY"],
        "ALLOWED_HOSTS": "talent.example.gov.cn",
        "SMS_CHANNEL": "talentmap.notices.aliyun.AliyunSms",
        "EMAIL_URL": "smtp+tls://user:password@mail.example.gov.cn:587",
        "DATABASE_URL": "postgres://talentmap:x@127.0.0.1:1/talentmap",
    }
    clean = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **good)
    assert clean.returncode == 0, clean.stderr
    for name, told in (("SMS_CHANNEL", "W001"), ("EMAIL_URL", "W002"), ("DATABASE_URL", "W003")):
        without = run("manage.py", "check", "--deploy", **{each: good[each] for each in good if each != name})
        assert f"talentmap.{told}" in without.stderr and without.stderr.count("talentmap.") == 1, name
    faulty = run("manage.py", "check", "--deploy", TALENTMAP_MODE="production", ALLOWED_HOSTS="talent.example.gov.cn")
    assert faulty.returncode != 0
    assert "talentmap.E001" in faulty.stderr and "talentmap.E002" in faulty.stderr
