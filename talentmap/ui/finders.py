"""Serves the few files we use of the front-end packages, straight from `node_modules`.

Naming them keeps `collectstatic` at a tenth of the size and time, and says at a glance what the browser gets.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

FILES = {
    "vendor/bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "vendor/bootstrap-icons/bootstrap-icons.svg": "bootstrap-icons/bootstrap-icons.svg",
    "vendor/htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/idb/idb.js": "idb/build/index.js",
    "vendor/echarts/echarts.min.js": "echarts/dist/echarts.min.js",
}


class FrontEndPackagesFinder(BaseFinder):
    """Maps `vendor/…` to the named files; anything else of the packages cannot be reached."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.BASE_DIR) / "node_modules"
        self.storage = _VendorStorage(self.root)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [source for source in FILES.values() if not (self.root / source).is_file()]
        if not missing:
            return []
        return [
            Error(
                f"Front-end packages are missing: {', '.join(missing)}.",
                hint="Run `npm ci` (or `make setup`) in the project's folder.",
                id="talentmap.E020",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        source = FILES.get(path)
        found = str(self.root / source) if source and (self.root / source).is_file() else None
        if find_all:
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:  # type: ignore[override]
        for path in FILES:
            if self.storage.exists(path):
                yield path, self.storage


class _VendorStorage(FileSystemStorage):
    """Knows the packages' files by the names under which they are served."""

    def __init__(self, root: Path) -> None:
        super().__init__(location=root)

    def path(self, name: str) -> str:
        return str(Path(self.location) / FILES[name])

    def exists(self, name: str) -> bool:
        return name in FILES and Path(self.path(name)).is_file()
