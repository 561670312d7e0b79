"""What the pages of money share."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone

from talentmap.accounts.access import SignedInRequest
from talentmap.accounts.permissions import Permission as P
from talentmap.ui.downloads import csv_response, xlsx_response

PAYERS = (P.PREPARE_BATCH, P.RELEASE_BATCH, P.IMPORT_RETURN)
# Each of these costs a decryption, and no list shows them.
SECRETS = ("id_number", "bank_account", "health_note")


def secrets_of(path: str) -> list[str]:
    """The encrypted columns of the person at `path`, to be deferred."""
    return [f"{path}__{name}" for name in SECRETS]


def table_file(
    request: SignedInRequest, filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> HttpResponseBase:
    """The table as Excel, or as CSV where `?format=csv` asks for it."""
    stem = f"{filename}-{timezone.localdate():%Y%m%d}"
    respond = csv_response if request.GET.get("format") == "csv" else xlsx_response
    return respond(stem, header, rows)
