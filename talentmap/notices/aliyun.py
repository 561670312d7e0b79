"""Text messages by Aliyun (阿里云短信服务): its signed RPC-style HTTP interface, with the standard library alone."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone

from talentmap.notices.channels import TIME_LIMIT_SECONDS, GiveUp, Message, TryLater

# The provider took the message in an earlier attempt whose answer never reached us.
_TAKEN_BEFORE = "SignatureNonceUsed"
_HOPELESS = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.MOBILE_COUNT_OVER_LIMIT"}


class AliyunSms:
    """The office's template gets one word, `title`: the notice's subject, and nothing else leaves the platform.
    Codes have a template of their own kind (验证码), which gets the `code` alone.

    Settings `ALIYUN_SMS`: key, secret, sign_name, template, code_template, endpoint. The token is the signature's
    nonce, which the provider accepts once only.
    """

    def address_of(self, user: Any) -> str:
        return user.mobile

    def send(self, message: Message) -> None:
        config = settings.ALIYUN_SMS
        parameters = signed(self._parameters(message, timezone.now()), config["secret"])
        code = _answer_code(config["endpoint"], parameters)
        if code in _HOPELESS:
            raise GiveUp(code)
        if code not in ("OK", _TAKEN_BEFORE):
            raise TryLater(code)

    def _parameters(self, message: Message, at: datetime) -> dict[str, str]:
        config = settings.ALIYUN_SMS
        return {
            "AccessKeyId": config["key"],
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": message.token,
            "PhoneNumbers": message.address,
            "RegionId": "cn-hangzhou",
            "SignName": config["sign_name"],
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": message.token,
            "SignatureVersion": "1.0",
            "TemplateCode": config["code_template"] if message.code else config["template"],
            "TemplateParam": json.dumps(_words(message), ensure_ascii=False),
            "Timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Version": "2017-05-25",
        }


def _words(message: Message) -> dict[str, str]:
    return {"code": message.code} if message.code else {"title": message.subject}


def signed(parameters: Mapping[str, str], secret: str, method: str = "POST") -> dict[str, str]:
    """`parameters` with the `Signature` that the RPC-style interface asks for."""
    canonical = "&".join(f"{_percent(name)}={_percent(parameters[name])}" for name in sorted(parameters))
    text = f"{method}&{_percent('/')}&{_percent(canonical)}"
    # SHA-1 is what the interface defines; as a keyed digest it is not weakened by collisions.
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return {**parameters, "Signature": base64.b64encode(digest).decode()}


def _percent(text: str) -> str:
    return quote(text, safe="-_.~")


def _answer_code(endpoint: str, parameters: Mapping[str, str]) -> str:
    """The provider's own code. An answer we cannot read, or none, raises: then nobody knows what became of it."""
    request = urllib.request.Request(endpoint, data=urlencode(parameters).encode(), method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=TIME_LIMIT_SECONDS) as answer:  # noqa: S310
            return json.load(answer)["Code"]
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise
        return json.load(error)["Code"]
