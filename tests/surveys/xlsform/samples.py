"""Our own workbooks with the traits of forms that circulate: old words, cascades, tables, devices, broken loops."""

from collections.abc import Callable
from typing import Any

from tests.surveys.xlsform.books import Rows, Sheets, xls, xlsx

YES_NO = [["yes_no", "yes", "是", "Yes"], ["yes_no", "no", "否", "No"]]

# Single colons, "select one from … or_other", photo, imei, two todays, no settings, a sheet that is not of the form.
MARKET_DAY: Sheets = {
    "survey": [
        ["type", "name", "label:中文", "label:English", "hint", "bind:relevant", "bind:required", "default"],
        ["today", "began"],
        ["select one from goods or_other", "goods", "卖什么？", "What is sold?"],
        ["decimal", "price", "单价", "Price", "元/斤"],
        ["photo", "stall", "摊位照片", "Picture of the stall", "拍下整个摊位"],
        ["gps", "spot", "位置", "Location", "以后好找"],
        ["imei", "phone"],
        ["today", "ended"],
    ],
    "choices": [
        ["list name", "name", "label:中文", "label:English"],
        ["goods", "tea", "茶叶", "Tea"],
        ["goods", "tofu", "豆腐", "Tofu"],
        [None, None, "备用", "spare"],
        *YES_NO,
    ],
    "license": [["License"], ["CC BY-SA 3.0"]],
}

# id_string, one name in several repeats, a repeat within a repeat.
HOUSEHOLD: Sheets = {
    "survey": [
        ["type", "name", "label"],
        ["integer", "members", "人数"],
        ["begin repeat", "man", "男"],
        ["text", "name", "姓名"],
        ["end repeat"],
        ["begin repeat", "woman", "女"],
        ["text", "name", "姓名"],
        ["begin repeat", "child", "孩子"],
        ["text", "name", "姓名"],
        ["end repeat"],
        ["end repeat"],
    ],
    "settings": [["title", "id_string"], ["家庭调查", "household"]],
}

# A repeat counted by an answer, a group that hides what is too much, choices named by numbers.
MEASURES: Sheets = {
    "survey": [
        [
            "type",
            "name",
            "label",
            "appearance",
            "relevant",
            "constraint",
            "constraint_message",
            "repeat_count",
            "required",
        ],
        ["begin group", "admin", "登记", "field-list"],
        ["integer", "rounds", "测几块地？", None, None, None, None, None, "yes"],
        ["end group"],
        [],
        ["begin repeat", "plot", "地块", None, None, None, None, "${rounds}"],
        ["begin group", "guard", "检查", None, "position(..) <= ${rounds}"],
        [
            "decimal",
            "area",
            "面积（亩）",
            None,
            None,
            "(. >= 0.1 and . <= 500) or . =999",
            "0.1至500，测不了填999",
            None,
            "yes",
        ],
        ["select_one kind", "kind", "地类", None, None, None, None, None, "yes"],
        ["end group"],
        ["end repeat"],
    ],
    "choices": [["list name", "name", "label"], [], ["kind", 0, "旱地"], ["kind", 1, "水田"]],
    "settings": [["style", "form_title", "form_id"], ["pages", "地块测量", "plots"]],
}

# Cascades, one choice name under two parents.
CASCADE: Sheets = {
    "survey": [
        ["type", "name", "label", "choice_filter"],
        ["select_one counties", "county", "县"],
        ["select_one towns", "town", "镇", "county=${county}"],
        ["select_one villages", "village", "村", "county=${county} and town=${town}"],
    ],
    "choices": [
        ["list_name", "name", "label", "county", "town"],
        ["counties", "gao", "高县"],
        ["counties", "junlian", "筠连县"],
        ["towns", "centre", "县城", "gao"],
        ["towns", "centre", "县城", "junlian"],
        ["villages", "east", "城东", "gao", "centre"],
        ["villages", "east", "城东", "junlian", "centre"],
    ],
    "settings": [["form_title", "form_id", "allow_choice_duplicates"], ["级联", "cascade", "yes"]],
}

# or_other and a filter over the same list, which compares with a name that is no column.
OTHERS: Sheets = {
    "survey": [
        ["type", "name", "label", "choice_filter"],
        ["select_one crops or_other", "crop", "种什么？"],
        ["select_one crops", "perennial", "哪种是多年生？", "perennial=yes"],
    ],
    "choices": [
        ["list name", "name", "label", "perennial"],
        ["crops", "tea", "茶", "yes"],
        ["crops", "rice", "稻", "no"],
    ],
}

# Tables of selects, hints on groups, choices with pictures only, the same message column twice under old names.
TABLES: Sheets = {
    "survey": [
        ["type", "name", "label", "hint", "bind:jr:constraintMsg", "constraint-msg", "readonly", "appearance"],
        ["note", "intro", "表格"],
        ["begin group", "services", "满意吗？", "逐行选择", None, None, None, "table-list"],
        ["select_one yes_no", "roads", "道路", "村组路"],
        ["select_one yes_no", "water", "饮水"],
        ["end_group"],
        ["begin group", "faces", "心情", None, None, None, None, "table-list"],
        ["select_multiple  faces", "morning", "早上"],
        ["select_multiple faces", "evening", "晚上"],
        ["end group"],
    ],
    "choices": [
        ["list name", "name", "label", "image"],
        ["yes_no", "yes", "是"],
        ["yes_no", "no", "否"],
        ["spare", 1.0, "备用"],
        ["faces", "happy", None, "happy.jpg"],
        ["faces", "sad", None, "sad.jpg"],
    ],
}

# Everything at once: media in languages, truth values of Excel, devices, files, an app that may be missing, old keys.
EVERYTHING: Sheets = {
    "survey": [
        [
            "type",
            "name",
            "rows",
            "repeat_count",
            "label::english",
            "hint",
            "constraint",
            "constraint_message::chinese",
            "requiredMsg",
            "required",
            "appearance",
            "relevant",
            "calculation",
            "label::chinese",
            "image",
            "image::english",
            "media::video",
            "autoplay",
            "buttonText",
            "noAppErrorString",
        ],
        ["select_one yes_no", "skip", None, None, "Skip?"],
        ["begin group", "everything"] + [None] * 9 + ["not(selected(${skip}, 'yes'))"],
        ["text", "my_name", 12.0, None, "Your name"],
        ["note", "hello", None, None, "Hello ${my_name}"],
        ["note", "number", None, None, 1.0, "a note"],
        ["note", "picture"] + [None] * 12 + ["a.jpg", "b.jpg", "c.mov", "audio"],
        ["begin repeat", "again", None, 2.0, "again"],
        ["begin group", "inner"] + [None] * 8 + ["field-list"],
        ["text", "must", None, None, "must", None, None, None, "Required!", "yes"],
        [
            "select_multiple yes_no",
            "both",
            None,
            None,
            "both",
            None,
            "not(selected(., 'yes') and selected (., 'no'))",
            "對不起 ${my_name}，你可以不選擇“是”和“否”。",
            None,
            "no",
            "minimal",
        ],
        ["end group", "otherwise"],
        ["begin group", "labelled", None, None, "labelled"] + [None] * 5 + ["field-list"],
        ["select_one yes_no", "label-test", None, None, "x"] + [None] * 5 + ["label"],
        ["select_one yes_no", "list-nolabel", None, None, "y"] + [None] * 4 + [("=TRUE()", True), "list-nolabel"],
        ["end group"],
        ["end repeat"],
        ["acknowledge", "ok", None, None, "ok"],
        ["datetime", "moment", None, None, "moment"],
        ["barcode", "code", None, None, "code"],
        ["audio", "voice", None, None, "voice"],
        ["video", "film", None, None, "film"],
        ["calculate", "four"] + [None] * 10 + ["2+2"],
        ["note", "four_shown", None, None, "${four}"],
        ["start", "start"],
        ["note", "start_shown", None, None, "began ${start}"],
        ["end", "end"],
        ["deviceid", "deviceid"],
        ["uri:deviceid", "uri_deviceid"],
        ["phonenumber", "phonenumber"],
        ["note", "phone_shown", None, None, "phone ${phonenumber}"],
        ["text", ("=FALSE()", False), None, None, "named by a truth value"],
        ["end group", "everything"],
        ["integer", "launch", None, None, "Launch"]
        + [None] * 5
        + ["ex:org.example.App"]
        + [None] * 7
        + ["Go", "No such app."],
    ],
    "choices": [
        ["list_name", "name", "label", "image", "label::chinese"],
        ["yes_no", "yes", "Yes", None, "是"],
        ["yes_no", "no", "No", None, "否"],
        ["a_b", "a", None, "a.jpg"],
    ],
    "settings": [
        [
            "form_title",
            "form_id",
            "public_key",
            "submission_url",
            "default_language",
            "add_none_option",
            "clean_text_values",
            "instance_name",
        ],
        [
            "Everything",
            "Every thing",
            "MIIBIjANBg",
            "https://example.org/submission",
            None,
            ("=FALSE()", False),
            ("=TRUE()", True),
            "${my_name}",
        ],
    ],
    "columns": [["list_name", "name", "label"], ["animals", "zebra", "zebra"]],
}

# Refused: a counter that only a phone app has, choices twice, a function that cannot be repeated.
COVERAGE: Sheets = {
    "survey": [
        ["type", "name", "label::English (en)", "appearance", "calculation"],
        ["integer", "counter", "Household ID", "ex:org.example.counter(form_id='a', question_name='Household ID')"],
        ["select_one spid", "spid", "Sampling point"],
        ["calculate", "child", None, None, "once(int(3 * random()) + 1)"],
    ],
    "choices": [
        ["list name", "name", "label::English (en)", "county"],
        ["spid", 1, "Point 1", 1],
        ["spid", 2, "Point 2", 1],
        ["spid", 1, "Point 1", 2],
    ],
    "settings": [["form_title", "form_id", "default_language"], ["Coverage", "coverage", "English"]],
}

# Refused: a loop over a choice list.
TRANSPORT: Sheets = {
    "survey": [
        ["type", "name", "label", "bind:relevant"],
        [],
        ["begin group", "transport", "Transport"],
        ["select all that apply from transports or specify other", "available", "What is there?"],
        ["begin loop over transports"],
        ["select one from daily", "often", "Is %(label)s there daily?", "selected(${available}, '%(name)s')"],
        ["end loop"],
        ["end group"],
    ],
    "choices": [
        ["list name", "name", "label"],
        ["transports", "bus", "bus"],
        ["daily", "daily", "Daily"],
        ["daily", "other", "Other"],
    ],
    "settings": [["id_string"], ["Transport.2011_07_25"]],
}

Make = Callable[[dict[str, Rows]], bytes]
ACCEPTED: dict[str, tuple[Make, Sheets]] = {
    "market_day.xls": (xls, MARKET_DAY),
    "household.xls": (xls, HOUSEHOLD),
    "measures.xlsx": (xlsx, MEASURES),
    "cascade.xls": (xls, CASCADE),
    "others.xlsx": (xlsx, OTHERS),
    "tables.xls": (xls, TABLES),
    "everything.xlsx": (xlsx, EVERYTHING),
}
REFUSED: dict[str, tuple[Make, Sheets]] = {"coverage.xlsx": (xlsx, COVERAGE), "transport.xls": (xls, TRANSPORT)}


def sample(name: str) -> Any:
    make, sheets = (ACCEPTED | REFUSED)[name]
    return make(dict(sheets))
