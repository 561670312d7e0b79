import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from needs.surveys.xlsform import Imported, Mistake, import_document, read
from needs.surveys.xlsform.mistakes import Place, mistake


class Command(BaseCommand):
    """Say what hinders a questionnaire's import, before anybody uploads it."""

    help = "Checks XLSForm workbooks (.xlsx, .xls, .csv); exit status 0 when all can be imported, 1 when not."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON list, an object a file")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = [(str(path), _checked(path)) for path in options["files"]]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(*pair) for pair in checked], ensure_ascii=False, indent=2))
        else:
            for name, imported in checked:
                self.stdout.write(_as_text(name, imported))
        if not all(imported.ok for _, imported in checked):
            sys.exit(1)


def _checked(path: Path) -> Imported:
    try:
        with path.open("rb") as file:
            return import_document(read(file, path.name))
    except OSError as error:
        return Imported({}, (mistake("no_file", Place(), reason=error.strerror or str(error)),))


def _as_json(name: str, imported: Imported) -> dict[str, Any]:
    return {
        "file": name,
        "importable": imported.ok,
        "mistakes": [asdict(each) for each in imported.mistakes],
        "warnings": [asdict(each) for each in imported.warnings],
    }


def _as_text(name: str, imported: Imported) -> str:
    verdict = "可以导入 / can be imported" if imported.ok else "不能导入 / cannot be imported"
    counts = f"错误 mistakes {len(imported.mistakes)}, 提醒 warnings {len(imported.warnings)}"
    lines = [f"{name}: {verdict} ({counts})"]
    lines += [_line("错误 mistake", each) for each in imported.mistakes]
    lines += [_line("提醒 warning", each) for each in imported.warnings]
    return "\n".join(lines)


def _line(kind: str, each: Mistake) -> str:
    cell = f"{each.column}{each.row}" if each.column else str(each.row or "")
    where = "!".join(part for part in (each.sheet, cell) if part) or "-"
    return f"  {where} [{each.code}] {kind}\n    {each.message_zh}\n    {each.message_en}"
