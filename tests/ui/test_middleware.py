import pytest
from django.conf import settings as django_settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("odd_urls")]


def test_chinese_is_spoken_whatever_the_browser_prefers(client):
    response = client.get("/t/denied/", headers={"accept-language": "en"})
    assert response["Content-Language"] == "zh-hans"


def test_english_is_spoken_once_chosen(client):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    response = client.get("/t/denied/")
    assert response["Content-Language"] == "en"
    assert "You may not open this page" in response.content.decode()


@pytest.mark.parametrize("code", ["xx", "zh-hans\x00", "../../etc", "<script>"])
def test_an_unknown_language_is_the_default(client, code):
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = code
    assert client.get("/t/say/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("address", ["/t/say/?a=%00", "/t/say/?%00=a", "/t/say/%00/"])
def test_a_nul_in_the_address_is_a_bad_request(client, address):
    assert client.get(address).status_code == 400


def test_a_nul_in_a_form_is_a_bad_request(client):
    assert client.post("/t/say/", {"text": "a\x00b"}).status_code == 400
    assert client.post("/t/say/", {"te\x00xt": "a"}).status_code == 400
    assert client.post("/t/say/", {"text": "a b"}).status_code == 200


def test_the_target_of_a_form_opened_as_a_page_says_so(client):
    response = client.get("/sign-out/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "此地址不能直接打开" in response.content.decode()
    assert client.delete("/sign-in/").status_code == 405


@pytest.mark.parametrize("view", ["absurd", "huge"])
def test_absurd_values_are_a_bad_request(client, view):
    assert client.get(f"/t/{view}/").status_code == 400


def test_too_many_fields_or_bytes_are_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert client.post("/t/say/", {str(n): "x" for n in range(5)}).status_code == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    body = {"data": "text=" + "x" * 100, "content_type": "application/x-www-form-urlencoded"}
    assert client.post("/t/say/", **body).status_code == 413


def test_a_body_that_is_not_what_it_says_is_no_server_error(client):
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=\xff",
        "application/x-www-form-urlencoded; charset=nope",
    ):
        response = client.generic("POST", "/t/say/", b"\xff\xfe\x00--", content_type=kind)
        assert response.status_code < 500, kind


def test_too_many_attempts(client):
    assert client.get("/t/too_often/").status_code == 429


def test_a_refusal_says_why_where_the_person_came_from(client):
    response = client.post("/t/refuse/", headers={"referer": "http://testserver/t/say/"})
    assert response.status_code == 302
    assert response["Location"] == "http://testserver/t/say/"
    assert "The fund is short of 12.00" in client.get("/t/say/").content.decode()


def test_a_refusal_never_leads_to_another_host(client):
    response = client.post("/t/refuse/", headers={"referer": "http://evil.example/"})
    assert response.status_code == 400
    assert "The fund is short of 12.00" in response.content.decode()


def test_a_page_that_refuses_itself_does_not_lead_in_circles(client):
    response = client.get("/t/refuse/", headers={"referer": "http://testserver/t/refuse/"})
    assert response.status_code == 400


def test_a_refused_partial_update_reloads_the_page(client):
    response = client.post("/t/refuse/", headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"


def test_all_reasons_of_a_validation_error_are_told(client):
    client.post("/t/invalid/", headers={"referer": "http://testserver/t/say/"})
    assert client.get("/t/say/").content.decode().startswith("First reason|Second reason")


def test_the_loser_of_a_race_reads_the_message_of_the_constraint(client):
    client.post("/t/taken/", headers={"referer": "http://testserver/t/say/"})
    from talentmap.accounts.models import User

    constraint = next(c for c in User._meta.constraints if c.name == "talentmap_user_username_unique")
    assert str(constraint.violation_error_message) in client.get("/t/say/").content.decode()


def test_a_fault_of_ours_is_a_server_error_with_its_page(odd_urls):
    response = Client(raise_request_exception=False).get("/t/broken/")
    assert response.status_code == 500
    assert "a fault of ours" not in response.content.decode()


def test_a_stale_form_is_told_to_reload(odd_urls):
    response = Client(enforce_csrf_checks=True).post("/t/guarded/", {})
    assert response.status_code == 403
    html = response.content.decode()
    assert "CSRF" not in html and "您的角色" not in html
    assert "页面打开时间过长" in html
