import pytest
from django.contrib.staticfiles import finders as django_finders
from django.core.checks import Error

from talentmap.ui import finders
from talentmap.ui.finders import FILES, FrontEndPackagesFinder


@pytest.mark.parametrize("path", FILES)
def test_every_named_file_is_served(path):
    assert django_finders.find(path)


@pytest.mark.parametrize(
    "path", ["vendor/bootstrap/package.json", "vendor/../package.json", "bootstrap/dist/js/bootstrap.js", ""]
)
def test_nothing_else_of_the_packages_is_reachable(path):
    assert FrontEndPackagesFinder().find(path) == []
    assert FrontEndPackagesFinder().find(path, find_all=True) == []


def test_collecting_lists_exactly_the_named_files():
    listed = list(FrontEndPackagesFinder().list(None))
    assert [path for path, _storage in listed] == list(FILES)
    for path, storage in listed:
        with storage.open(path) as file:
            assert file.read(1)


def test_missing_packages_are_reported_with_what_to_do(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (problem,) = FrontEndPackagesFinder().check()
    assert isinstance(problem, Error)
    assert "npm ci" in problem.hint
    assert finders.FILES
