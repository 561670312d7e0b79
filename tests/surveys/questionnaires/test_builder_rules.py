"""What the builder does to a document, asked of its own modules in a browser."""

import pytest
from django.urls import reverse

from tests.factories.surveys import CHINESE
from tests.factories.surveys_questionnaires import document, draft, office, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ask(live_server, client, chromium):
    """`ask(module, script, argument)` runs the script with the module as `m` on the builder's page."""
    client.force_login(office())
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("surveys:builder", args=[draft().pk]))
    yield lambda module, script, argument=None: page.evaluate(
        f"argument => import('/static/js/surveys/builder-{module}.js').then(m => ({script})(m, argument))", argument
    )
    context.close()


SIMPLE = [
    "${work} = 'farming'",
    "${work} != 'farming' and ${age} >= 18",
    "selected(${skills}, 'tea') or not(selected(${skills}, 'silk'))",
    "${wish} != ''",
    "${wish} = '' and ${age} < 60",
    "",
]
BY_HAND = [
    "if(${a}, 1, 2)",
    "${a} = 'x' and ${b} = 'y' or ${c} = 'z'",
    "${a} + 1 = 2",
    "${a} = 'x' and",
    "count(${r}) > 1",
]


def test_simple_conditions_are_read_and_written_back(ask):
    script = "(m, all) => all.map((each) => m.written(m.parse(each), new Map([['age', 'integer']])))"
    assert ask("condition", script, SIMPLE) == SIMPLE
    assert ask("condition", "(m, all) => all.map((each) => m.parse(each))", BY_HAND) == [None] * len(BY_HAND)


def test_what_is_stored_has_no_keys_and_nothing_empty(ask):
    script = "(m, given) => m.plain(m.opened(given))"
    group = {"kind": "group", "name": "g", "label": {CHINESE: "组"}, "items": [question("inner")]}
    given = document(group)
    assert ask("items", script, given) == given
    given["items"][0] |= {"hint": {CHINESE: ""}, "relevant": "", "personal": False}
    assert ask("items", script, given) == document(group)


def test_an_item_never_goes_into_itself(ask):
    inner = {"kind": "group", "name": "inner", "label": {}, "items": []}
    outer = {"kind": "group", "name": "outer", "label": {}, "items": [inner]}
    script = """(m, given) => {
      const whole = m.opened(given);
      const outer = whole.items[4];
      const into = m.moveTo(whole, outer._key, outer.items[0]._key, "inside");
      return [into, m.moveTo(whole, outer._key, outer._key, "after")];
    }"""
    assert ask("items", script, document(outer)) == [False, False]


def test_a_copy_gets_free_names_that_it_uses_itself(ask):
    group = {"kind": "group", "name": "g", "label": {}, "items": [
        question("first", id="first"), question("second", relevant="${first} = 'a' and ${age} > 1"),
    ]}  # fmt: skip
    script = """(m, given) => {
      const whole = m.opened(given);
      m.duplicate(whole, whole.items[4]._key);
      return m.plain(whole).items[5];
    }"""
    copy = ask("items", script, document(group))
    assert (copy["name"], [item["name"] for item in copy["items"]]) == ("g_2", ["first_2", "second_2"])
    assert "id" not in copy["items"][0]
    assert copy["items"][1]["relevant"] == "${first_2} = 'a' and ${age} > 1"


def test_the_bank_shares_a_list_that_is_the_same(ask):
    item = question("job", "select_one", list="work")
    script = """(m, [given, entry]) => {
      const whole = m.opened(given);
      return [m.fromBank(whole, entry).list, Object.keys(whole.choices)];
    }"""
    entry = {"item": item, "choices": document()["choices"]}
    assert ask("items", script, [document(), entry]) == ["work", ["sex", "work"]]
    other = {"item": item, "choices": {"work": [{"name": "x", "label": {"English (en)": "X"}}]}}
    assert ask("items", script, [document(), other])[0] == "work_2"


def test_texts_of_another_language_fill_the_main_one(ask):
    entry = {"item": question("job") | {"label": {"English (en)": "Your job"}}, "choices": {}}
    script = "(m, [given, entry]) => m.fromBank(m.opened(given), entry).label"
    assert ask("items", script, [document(), entry]) == {CHINESE: "Your job"}


def test_a_language_is_renamed_and_dropped_everywhere(ask):
    script = """(m, [given, from, to]) => {
      const whole = m.opened(given);
      m.changeLanguage(whole, from, to);
      return m.plain(whole);
    }"""
    renamed = ask("items", script, [document(), CHINESE, "汉语 (zh)"])
    assert renamed["languages"] == ["汉语 (zh)"]
    assert renamed["settings"]["default_language"] == "汉语 (zh)"
    assert renamed["items"][0]["label"] == {"汉语 (zh)": "年龄"}
    assert renamed["choices"]["sex"][0]["label"] == {"汉语 (zh)": "男"}
    dropped = ask("items", script, [document(), CHINESE, None])
    assert "label" not in dropped["items"][0]
