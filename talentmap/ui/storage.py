"""Static files named by their content, imports between our modules included."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

_COMMENTED_MAP = "sourceMappingURL"


def _without_maps(rules: tuple[Any, ...]) -> tuple[Any, ...]:
    """The packages' source maps are not shipped, so the comments that name them stay as they are."""
    return tuple(rule for rule in rules if _COMMENTED_MAP not in str(rule))


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashes what our modules import too, so that a new release never meets half of an old one in a cache.

    Django can do so for all JavaScript or none; other apps' modules import in ways it cannot resolve.
    """

    patterns = (
        *((kind, _without_maps(rules)) for kind, rules in CompressedManifestStaticFilesStorage.patterns),
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
