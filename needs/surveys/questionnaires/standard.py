"""Questions that nearly every questionnaire of the county asks, worded once: what the bank begins with."""

from typing import Any

ZH, EN = "中文 (zh)", "English (en)"
PERSON, WORK, VIEWS = "基本情况", "就业与技能", "意见与需求"


def _texts(chinese: str, english: str) -> dict[str, str]:
    return {ZH: chinese, EN: english}


def _list(*rows: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"name": name, "label": _texts(chinese, english)} for name, chinese, english in rows]


def _question(name: str, kind: str, chinese: str, english: str, **more: Any) -> dict[str, Any]:
    return {"kind": "question", "type": kind, "name": name, "label": _texts(chinese, english), **more}


SEX = _list(("male", "男", "Male"), ("female", "女", "Female"))
AGE_BANDS = _list(
    ("lt25", "25岁以下", "Under 25"), ("25_34", "25—34岁", "25 to 34"), ("35_44", "35—44岁", "35 to 44"),
    ("45_54", "45—54岁", "45 to 54"), ("ge55", "55岁及以上", "55 and over"),
)  # fmt: skip
EDUCATION = _list(
    ("primary", "小学及以下", "Primary school or less"), ("middle", "初高中", "Middle or high school"),
    ("college", "大专", "College"), ("degree", "本科及以上", "Bachelor's degree or more"),
)  # fmt: skip
OCCUPATIONS = _list(
    ("farming", "务农", "Farming"), ("worker", "务工", "Employed as a worker"),
    ("trade", "个体经商", "Own trade or shop"), ("enterprise", "企业经营管理", "Managing an enterprise"),
    ("technical", "专业技术", "Professional or technical work"),
    ("public", "村（社区）干部", "Village or community cadre"),
    ("student", "在校学生", "In education"), ("none", "无业或料理家务", "Not working, or keeping house"),
)  # fmt: skip
SKILL_LEVELS = _list(
    ("none", "没有证书", "No certificate"), ("apprentice", "学徒工", "Apprentice"), ("junior", "初级工", "Junior"),
    ("middle", "中级工", "Middle"), ("senior", "高级工", "Senior"), ("technician", "技师", "Technician"),
    ("senior_technician", "高级技师", "Senior technician"), ("special", "特级技师", "Special-grade technician"),
    ("chief", "首席技师", "Chief technician"),
)  # fmt: skip
INDUSTRIES = _list(
    ("tea", "茶叶", "Tea"), ("silk", "蚕桑", "Silk and mulberry"), ("bamboo", "林竹", "Forest and bamboo"),
    ("fruit", "水果", "Fruit"), ("grain", "酿酒专用粮", "Brewing grain"), ("pigs", "生猪", "Pigs"),
    ("fish", "水产养殖", "Aquaculture"), ("tofu", "沙河豆腐", "Shahe tofu"), ("none", "都没有", "None of these"),
)  # fmt: skip
SATISFACTION = _list(
    ("5", "非常满意", "Very satisfied"), ("4", "满意", "Satisfied"), ("3", "基本满意", "Fairly satisfied"),
    ("2", "不满意", "Dissatisfied"), ("1", "非常不满意", "Very dissatisfied"),
)  # fmt: skip
TRAINING = _list(
    ("growing", "种植养殖技术", "Growing and breeding"), ("processing", "农产品加工", "Processing of produce"),
    ("ecommerce", "电商与直播", "E-commerce and livestreaming"), ("marketing", "品牌与营销", "Branding and marketing"),
    ("management", "经营管理", "Management"), ("craft", "手工与技能工种", "Crafts and skilled trades"),
)  # fmt: skip
SINCE = _list(
    ("lt1", "不到1年", "Less than 1 year"), ("1_3", "1—3年", "1 to 3 years"), ("4_6", "4—6年", "4 to 6 years"),
    ("7_9", "7—9年", "7 to 9 years"), ("ge10", "10年及以上", "10 years or more"),
)  # fmt: skip

Entry = tuple[str, str, dict[str, Any], dict[str, Any]]

ENTRIES: tuple[Entry, ...] = (
    (
        "年龄（周岁）",
        PERSON,
        _question(
            "age",
            "integer",
            "您今年多少周岁？",
            "How old are you?",
            role="age",
            required="yes",
            constraint=". >= 0 and . <= 120",
            constraint_message=_texts("请填写0到120之间的整数。", "A whole number from 0 to 120."),
        ),
        {},
    ),
    (
        "年龄段",
        PERSON,
        _question(
            "age_band",
            "select_one",
            "您的年龄段是？",
            "Which age group are you in?",
            list="age_band",
            role="age_band",
            required="yes",
        ),
        {"age_band": AGE_BANDS},
    ),
    (
        "性别",
        PERSON,
        _question("sex", "select_one", "您的性别是？", "What is your sex?", list="sex", role="sex"),
        {"sex": SEX},
    ),
    (
        "文化程度",
        PERSON,
        _question(
            "education",
            "select_one",
            "您的文化程度是？",
            "What is your education?",
            list="education",
        ),
        {"education": EDUCATION},
    ),
    (
        "职业",
        PERSON,
        _question(
            "occupation",
            "select_one",
            "您目前主要从事什么职业？",
            "What is your main occupation?",
            list="occupation",
            role="occupation",
            required="yes",
        ),
        {"occupation": OCCUPATIONS},
    ),
    (
        "家庭成员（逐人填写）",
        PERSON,
        {
            "kind": "repeat",
            "name": "member",
            "label": _texts("家庭成员", "Household members"),
            "items": [
                _question("member_sex", "select_one", "性别", "Sex", list="sex"),
                _question("member_age", "integer", "年龄（周岁）", "Age in years", constraint=". >= 0 and . <= 120"),
                _question("member_education", "select_one", "文化程度", "Education", list="education"),
            ],
        },
        {"sex": SEX, "education": EDUCATION},
    ),
    (
        "姓名与联系电话（个人信息）",
        PERSON,
        {
            "kind": "group",
            "name": "contact",
            "label": _texts("联系方式（选填）", "How to reach you (optional)"),
            "items": [
                _question("contact_name", "text", "您的姓名", "Your name", personal=True),
                _question(
                    "contact_phone",
                    "text",
                    "您的手机号码",
                    "Your mobile number",
                    personal=True,
                    appearance="numbers",
                    constraint="regex(., '^1[3-9][0-9]{9}$')",
                    constraint_message=_texts("请填写11位手机号码。", "A mobile number of 11 digits."),
                ),
            ],
        },
        {},
    ),
    (
        "职业技能等级",
        WORK,
        _question(
            "skill_level",
            "select_one",
            "您取得的最高职业技能等级是？",
            "What is your highest skill level?",
            list="skill_level",
            appearance="minimal",
        ),
        {"skill_level": SKILL_LEVELS},
    ),
    (
        "从事特色产业",
        WORK,
        _question(
            "industry",
            "select_multiple",
            "您从事下列哪些特色产业？",
            "Which of these local industries do you work in?",
            list="industry",
            or_other=True,
            constraint="not(selected(., 'none') and count-selected(.) > 1)",
            constraint_message=_texts("“都没有”不能与其他选项同时选择。", "“None of these” excludes the others."),
        ),
        {"industry": INDUSTRIES},
    ),
    (
        "工作年限",
        WORK,
        _question(
            "experience",
            "select_one",
            "您从事目前的工作多久了？",
            "How long have you done your present work?",
            list="experience",
        ),
        {"experience": SINCE},
    ),
    (
        "希望参加的培训",
        VIEWS,
        _question(
            "training",
            "rank",
            "您最希望参加哪些培训？请按需要程度排序。",
            "Which training do you need most? Put them in order.",
            list="training",
        ),
        {"training": TRAINING},
    ),
    (
        "总体满意度",
        VIEWS,
        _question(
            "satisfaction",
            "select_one",
            "您对县里的人才服务总体满意吗？",
            "How satisfied are you with the county's services?",
            list="satisfaction",
            appearance="likert",
        ),
        {"satisfaction": SATISFACTION},
    ),
    (
        "意见建议",
        VIEWS,
        _question(
            "suggestion",
            "text",
            "您还有什么意见或建议？",
            "Is there anything else you would like to say?",
            appearance="multiline",
        ),
        {},
    ),
)
