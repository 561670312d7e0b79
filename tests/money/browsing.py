"""Opening and sending the pages of money in tests."""

from django.urls import reverse


def page(client, name, *args, **query):
    response = client.get(reverse(f"money:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def send(client, name, *args, **data):
    return client.post(reverse(f"money:{name}", args=args), data, follow=True)
