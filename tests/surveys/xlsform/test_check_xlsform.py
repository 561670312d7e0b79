import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.surveys.xlsform.books import SURVEY, xlsx

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.xlsx"
    path.write_bytes(xlsx({"survey": SURVEY, "settings": [["form_id"], ["good"]]}))
    return path


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(xlsx({"survey": [*SURVEY, ["geotrace", "b", "B"], ["text", "name", "C"]]}))
    return path


def test_good_files_exit_with_0(good, capsys):
    call_command("check_xlsform", good)

    assert "可以导入 / can be imported" in capsys.readouterr().out


def test_bad_files_exit_with_1_and_say_where_in_both_languages(good, bad, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("check_xlsform", good, bad)

    text = capsys.readouterr().out
    assert stopped.value.code == 1
    assert "survey!A3 [type_not_supported]" in text and "survey!B4 [duplicate_name]" in text
    assert "不支持“geotrace”类型的题目" in text and "Questions of type “geotrace” are not supported" in text


def test_the_report_as_json(good, bad, capsys):
    with pytest.raises(SystemExit):
        call_command("check_xlsform", "--json", good, bad)

    first, second = json.loads(capsys.readouterr().out)
    assert first == {"file": str(good), "importable": True, "mistakes": [], "warnings": []}
    assert second["importable"] is False
    assert second["mistakes"][0] == {
        "sheet": "survey",
        "row": 3,
        "column": "A",
        "code": "type_not_supported",
        "message_zh": "不支持“geotrace”类型的题目：不能在地图上画线或区域，请改用 geopoint。",
        "message_en": "Questions of type “geotrace” are not supported: "
        "lines and areas on a map cannot be drawn here; use geopoint.",
    }


def test_a_file_that_is_not_there_is_told_beside_the_others(good, tmp_path, capsys):
    with pytest.raises(SystemExit):
        call_command("check_xlsform", tmp_path / "none.xlsx", good)

    text = capsys.readouterr().out
    assert "[no_file]" in text and "can be imported" in text


def test_no_database_is_needed(good):
    """The address names a socket that does not exist: any query would fail."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "check_xlsform", str(good)],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
            "REDIS_URL": "redis://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
