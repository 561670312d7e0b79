"""Reads the file in which a bank answers: which columns it may have, and its fingerprint."""

import hashlib
from dataclasses import dataclass

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talentmap.ui.workbooks import BadFile, Column, Table, read_table

LIMIT_ROWS = 20_000

COLUMNS = (
    Column("reference", gettext_lazy("Reference"), aliases=("业务参考号", "参考号", "业务编号", "客户业务编号")),
    Column("amount", gettext_lazy("Amount"), aliases=("金额", "金额（元）", "交易金额", "发生额")),
    Column("result", gettext_lazy("Result"), aliases=("交易结果", "处理结果", "结果", "交易状态", "status")),
    Column(
        "reason",
        gettext_lazy("Reason of failure"),
        required=False,
        aliases=("失败原因", "原因", "备注", "reason", "message"),
    ),
)


@dataclass(frozen=True)
class Upload:
    """A return file as read: its rows and the fingerprint of its content."""

    name: str
    sha256: str
    table: Table


def read_upload(upload: File) -> Upload:
    """Read a return file (XLSX or CSV); raises BadFile, naming every cell that cannot be read."""
    table = read_table(upload, COLUMNS, limit_rows=LIMIT_ROWS)
    if table.errors:
        raise BadFile(_("Some cells cannot be read. Nothing was imported."), table.errors)
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return Upload((upload.name or "")[-200:], digest.hexdigest(), table)
