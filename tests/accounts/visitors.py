"""People with a password, and the page at which they sign in."""

from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from talentmap.accounts.permissions import Role
from tests.factories.accounts import user_with

PASSWORD = "Tea-on-the-hill-7"
SIGN_IN = "/sign-in/"


def person(**fields):
    user = user_with(Role.TALENT, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, name, password=PASSWORD, **query):
    return client.post(reverse("sign_in", query=query or None), {"username": name, "password": password})


def signed_in(client):
    return SESSION_KEY in client.session
