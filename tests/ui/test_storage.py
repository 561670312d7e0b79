"""What `collectstatic` makes of our files: hashed names, in imports too, and nothing that is not there."""

import re

from django.core.management import call_command


def test_collected_files_are_hashed_also_in_imports(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "talentmap.ui.storage.StaticStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    (app,) = tmp_path.glob("js/app.????????????.js")
    imports = re.findall(r'from "\./([\w.-]+)"', app.read_text())
    assert imports
    assert all(re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name) for name in imports)
    assert list(tmp_path.glob("vendor/bootstrap/bootstrap.min.*.css"))
    assert not list(tmp_path.glob("vendor/**/*.map"))
