"""What the tests of pages share."""

from django.urls import reverse

HTMX = {"HX-Request": "true"}


def page(client, name, *args, **query):
    return client.get(reverse(f"pathways:{name}", args=args), query)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()
