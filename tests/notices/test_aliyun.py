"""The text message provider: signature vectors from its documentation, and a server that checks signatures."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, quote

import pytest

from talentmap.notices import delivery, tasks
from talentmap.notices.aliyun import AliyunSms, signed
from talentmap.notices.channels import GiveUp, Message, TryLater
from tests.factories.notices import Clock, DeliveryFactory

SECRET = "testSecret"


class Provider(BaseHTTPRequestHandler):
    """Refuses a wrong signature, takes a nonce once, and otherwise answers what the test wants."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        parameters = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        self.server.received.append(parameters)
        if self.server.silent:
            self.connection.close()
            return
        status, code = self._judge(parameters)
        answer = json.dumps({"Code": code, "Message": "…", "RequestId": "1"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _judge(self, parameters):
        if parameters.get("Signature") != expected_signature(parameters):
            return 400, "SignatureDoesNotMatch"
        if parameters["SignatureNonce"] in self.server.nonces:
            return 400, "SignatureNonceUsed"
        self.server.nonces.add(parameters["SignatureNonce"])
        return self.server.answer

    def log_message(self, *args):
        pass


def expected_signature(parameters):
    """Written apart from the client, after the interface's description."""
    rest = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(quote(name, safe="~") + "=" + quote(value, safe="~") for name, value in rest)
    text = "POST&%2F&" + quote(query, safe="~")
    return base64.b64encode(hmac.digest(f"{SECRET}&".encode(), text.encode(), hashlib.sha1)).decode()


@pytest.fixture
def provider(settings):
    server = HTTPServer(("127.0.0.1", 0), Provider)
    server.received, server.nonces, server.answer, server.silent = [], set(), (200, "OK"), False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.SMS_CHANNEL = "talentmap.notices.aliyun.AliyunSms"
    settings.ALIYUN_SMS = {
        "endpoint": f"http://127.0.0.1:{server.server_port}/",
        "key": "testId",
        "secret": SECRET,
        "sign_name": "高县人才服务中心",
        "template": "SMS_71390007",
        "code_template": "SMS_71390008",
    }
    yield server
    server.shutdown()
    server.server_close()


def message(token="one"):
    return Message(token, "13812345678", "办件 ZF-1 *已受理* ~+%", "text", "https://x.example/")


def test_the_signature_equals_the_documented_one():
    """Example of the provider's documentation of signatures (SendSms by GET)."""
    parameters = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }

    assert signed(parameters, "testSecret", "GET")["Signature"] == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_a_message_arrives_signed_and_says_no_more_than_its_subject(provider):
    AliyunSms().send(message())

    [received] = provider.received
    assert received["PhoneNumbers"] == "13812345678"
    assert json.loads(received["TemplateParam"]) == {"title": "办件 ZF-1 *已受理* ~+%"}
    assert received["SignName"] == "高县人才服务中心"
    assert received["OutId"] == received["SignatureNonce"] == "one"


def test_a_code_goes_by_its_own_template(provider):
    tasks.text.apply(("one", "13812345678", "Your code", "012345"))

    [received] = provider.received
    assert received["TemplateCode"] == "SMS_71390008"
    assert json.loads(received["TemplateParam"]) == {"code": "012345"}


@pytest.mark.parametrize(("answer", "messages"), [(None, 1), ((200, "isv.BUSINESS_LIMIT_CONTROL"), 3)])
def test_a_single_text_is_tried_three_times_as_one_message_unless_it_surely_was_not_sent(provider, answer, messages):
    provider.silent = answer is None
    provider.answer = answer
    tasks.text.apply(("one", "13812345678", "Your code", "012345"))

    assert len(provider.received) == 3
    assert len({received["OutId"] for received in provider.received}) == messages


def test_a_number_that_does_not_exist_is_tried_once(provider):
    provider.answer = (200, "isv.MOBILE_NUMBER_ILLEGAL")
    tasks.text.apply(("one", "13812345678", "Your code", "012345"))

    assert len(provider.received) == 1


def test_a_wrong_secret_is_found_out(provider, settings):
    settings.ALIYUN_SMS["secret"] = "wrong"

    with pytest.raises(TryLater, match="SignatureDoesNotMatch"):
        AliyunSms().send(message())


def test_a_message_the_provider_has_taken_counts_as_sent(provider):
    AliyunSms().send(message("same"))
    AliyunSms().send(message("same"))

    assert len(provider.nonces) == 1


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", GiveUp),
        ("isv.BUSINESS_LIMIT_CONTROL", TryLater),
        ("isv.AMOUNT_NOT_ENOUGH", TryLater),
    ],
)
def test_what_the_provider_says_decides(provider, code, error):
    provider.answer = (200, code)

    with pytest.raises(error, match=code):
        AliyunSms().send(message())


@pytest.mark.django_db
def test_lost_answers_do_not_double_a_message(provider):
    sms, clock = DeliveryFactory(), Clock()
    provider.silent = True
    delivery.deliver_due(clock)
    sms.refresh_from_db()
    assert sms.state == "pending"
    provider.nonces.add(provider.received[0]["SignatureNonce"])  # it had taken the message all the same

    provider.silent = False
    clock.at = sms.next_try_at
    delivery.deliver_due(clock)

    sms.refresh_from_db()
    assert sms.state == "sent"
    assert provider.received[0]["OutId"] == provider.received[1]["OutId"]


@pytest.mark.django_db
def test_a_gateway_error_is_silence_too(provider):
    provider.answer = (502, "whatever")
    sms = DeliveryFactory()

    delivery.deliver_due(Clock())

    sms.refresh_from_db()
    assert (sms.state, sms.error) == ("pending", "HTTPError")
