"""Opening the register's pages and sending their forms."""

from django.urls import reverse


def page(client, name, *args, **query):
    response = client.get(reverse(f"people:{name}", args=args), query)
    assert response.status_code == 200, response
    return response.content.decode()


def send(client, page_name, /, *args, **data):
    return client.post(reverse(f"people:{page_name}", args=args), data)


def told(response):
    return [str(message) for message in response.wsgi_request._messages]
