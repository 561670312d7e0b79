"""A queue file as a phone writes it."""

import base64
import hashlib
import json
from typing import Any

from needs.surveys.filling.imports import FORMAT


def queue_file(payloads: Any = (), *, files: Any = (), rows: Any = None) -> bytes:
    named = [{"uuid": key, "name": "a.png", "content": base64.b64encode(content).decode()} for key, content in files]
    entries = [{"uuid": each["uuid"], "title": "调查", "response": each, "files": named} for each in payloads]
    text = json.dumps(entries if rows is None else rows)
    found = {"format": FORMAT, "sha256": hashlib.sha256(text.encode()).hexdigest(), "responses": text}
    return json.dumps(found).encode()
