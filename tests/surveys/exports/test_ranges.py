"""Parts of a file, by the rules of RFC 9110."""

import io
from hashlib import sha256

import pytest
from django.test import RequestFactory

from needs.surveys.exports.ranges import Part, Unsatisfiable, ranged, wanted_part

CONTENT = bytes(range(256)) * 1000
DIGEST = sha256(CONTENT).hexdigest()
ETAG = f'"{DIGEST}"'


def get(method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return ranged(
        request, lambda: io.BytesIO(CONTENT), size=len(CONTENT), sha256=DIGEST, name="答卷.csv", content_type="text/csv"
    )


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-499", Part(0, 499)),
        ("bytes=500-999", Part(500, 999)),
        ("bytes=-500", Part(9500, 9999)),
        ("bytes=9500-", Part(9500, 9999)),
        ("bytes=0-0", Part(0, 0)),
        ("bytes=-1", Part(9999, 9999)),
        ("bytes=-20000", Part(0, 9999)),
        ("bytes=0-20000", Part(0, 9999)),
        ("Bytes = 1 - 2", Part(1, 2)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=0-" + "9" * 40, None),
        ("bytes=١-٢", None),
        ("", None),
    ],
)
def test_the_part_of_ten_thousand_bytes(header, part):
    """The examples of RFC 9110, 14.1.2, and what cannot be read."""
    assert wanted_part(header, 10_000) == part


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=10000-10001", "bytes=-0"])
def test_a_part_behind_the_end_cannot_be_had(header):
    with pytest.raises(Unsatisfiable):
        wanted_part(header, 10_000)


def test_all_of_it():
    response = get()
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Length"] == str(len(CONTENT))
    assert (response["ETag"], response["Accept-Ranges"]) == (ETAG, "bytes")
    assert "filename*=utf-8''%E7%AD%94%E5%8D%B7.csv" in response["Content-Disposition"]


def test_a_download_that_broke_off_goes_on():
    first = get(Range="bytes=0-99999")
    rest = get(Range="bytes=100000-", **{"If-Range": ETAG})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first["Content-Range"] == f"bytes 0-99999/{len(CONTENT)}"
    assert rest["Content-Length"] == str(len(CONTENT) - 100_000)
    assert body(first) + body(rest) == CONTENT


@pytest.mark.parametrize("known", ['"another"', f"W/{ETAG}", "Wed, 25 Nov 2026 08:00:00 GMT"])
def test_the_rest_of_another_file_is_not_sent(known):
    response = get(Range="bytes=100000-", **{"If-Range": known})
    assert (response.status_code, len(body(response))) == (200, len(CONTENT))


def test_a_part_behind_the_end_is_refused_with_the_size():
    response = get(Range=f"bytes={len(CONTENT)}-")
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


@pytest.mark.parametrize("known", [ETAG, f"W/{ETAG}", "*", f'"x", {ETAG}'])
def test_who_has_it_already_is_told_so(known):
    assert get(**{"If-None-Match": known}).status_code == 304


def test_a_range_counts_for_get_alone():
    assert get("head", Range="bytes=0-1").status_code == 200
