import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from talentmap.ui.downloads import csv_response, harmless, xlsx_bytes, xlsx_response

HEADER = ["姓名", "金额", "日期"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x","y")']


def sheet_of(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_in_either_format(text):
    assert harmless(text) == "'" + text
    cell = sheet_of(xlsx_bytes(["a"], [[text]]))["A2"]
    assert cell.data_type == "s"
    body = b"".join(csv_response("x", ["a"], [[text]]).streaming_content).decode("utf-8-sig")
    assert not body.split("\n", 1)[1].lstrip('"').startswith(("=", "+", "-", "@", "\t"))


def test_numbers_stay_numbers_also_negative_ones():
    body = b"".join(csv_response("x", ["a", "b"], [[-5, Decimal("-1.50")]]).streaming_content).decode("utf-8-sig")
    assert body.splitlines()[1] == "-5,-1.50"
    row = sheet_of(xlsx_bytes(["a", "b"], [[-5, Decimal("-1.50")]]))[2]
    assert [cell.value for cell in row] == [-5, -1.5]


def test_long_numbers_keep_their_digits_and_dates_are_dates():
    rows = [["11010519491231002X", Decimal("1234.50"), date(2026, 11, 23), datetime(2026, 11, 23, 1, 30, tzinfo=UTC)]]
    name, amount, day, moment = sheet_of(xlsx_bytes([*HEADER, "时间"], rows))[2]
    assert name.value == "11010519491231002X"
    assert amount.number_format == "#,##0.00"
    assert day.value == datetime(2026, 11, 23)  # noqa: DTZ001
    assert moment.value == datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 as the clock in China shows it


def test_the_file_has_a_chinese_name_and_is_not_kept_by_anyone():
    response = xlsx_response("拨付清单", HEADER, [])
    assert "filename*=utf-8''%E6%8B%A8" in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith(".xlsx")
    assert response["Cache-Control"] == "private, no-store"
    assert csv_response("a.csv", HEADER, [])["Content-Disposition"].endswith('"a.csv"')


def test_csv_is_read_by_excel_and_streams():
    response = csv_response("x", HEADER, ([str(n), None, True] for n in range(3)))
    body = b"".join(response.streaming_content)
    assert body.startswith("\ufeff姓名".encode())
    assert body.decode("utf-8-sig").splitlines()[1] == "0,,True"


def test_odd_sheet_names_are_mended():
    assert sheet_of(xlsx_bytes(["a"], [], sheet="[2026]:拨付*清单?" + "长" * 40)).title.startswith("2026拨付清单")
