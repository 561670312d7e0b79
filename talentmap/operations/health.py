"""Whether the site answers: for `make run` and for a container's health check."""

import os
import sys
import urllib.request


def answers(port: int, host: str | None = None) -> bool:
    """True when the site on this machine answers its health page with 200, asked for `host` or one it accepts."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host or _host()})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - http only
            return bool(response.status == 200)
    except OSError:
        return False


def _host() -> str:
    """Give a host name that Django accepts: it refuses an address that ALLOWED_HOSTS does not name."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in ("", "*") else "127.0.0.1"


if __name__ == "__main__":
    sys.exit(0 if answers(int(os.environ.get("PORT", "8000"))) else 1)
