"""What an expression may say, and what is said where it is wrong."""

import pytest
from django.utils import translation

from needs.surveys.expressions import ExpressionError, parse, references, template

NODES = {"age": 0, "name": 1, "member": 2}


def tree(text, **more):
    return parse(text, NODES.get, **more)


def wrong(text, **more):
    with pytest.raises(ExpressionError) as caught:
        tree(text, **more)
    return caught.value.code, caught.value.position


def test_operators_bind_as_in_xpath():
    assert tree("1 + 2 * 3 = 7 and ${age} > 1") == [
        "and",
        ["=", ["+", ["n", 1], ["*", ["n", 2], ["n", 3]]], ["n", 7]],
        [">", ["ref", 0], ["n", 1]],
    ]
    assert tree("1 - 2 - 3") == ["-", ["-", ["n", 1], ["n", 2]], ["n", 3]]
    assert tree("-1 - -2") == ["-", ["neg", ["n", 1]], ["neg", ["n", 2]]]
    assert tree("6 div 3 mod 2") == ["mod", ["div", ["n", 6], ["n", 3]], ["n", 2]]


def test_leaves():
    assert tree(". != ''") == ["!=", ["self"], ["s", ""]]
    assert tree("${ age }") == ["ref", 0]
    assert tree("position(../..)") == ["call", "position", ["up", 2]]
    assert tree("county = ${name}", columns=True) == ["=", ["col", "county"], ["ref", 1]]
    assert tree("jr:choice-name(${name}, '${name}')") == ["call", "jr:choice-name", ["ref", 1], ["ref", 1]]


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", 1),
        ("   ", "empty", 1),
        ("1 +", "incomplete", 4),
        ("(1", "incomplete", 3),
        ("1 2", "unexpected", 3),
        (")", "unexpected", 1),
        ("${nobody} > 1", "unknown_reference", 1),
        ("1 + ${nobody}", "unknown_reference", 5),
        ("${last-saved#age}", "unknown_reference", 1),
        ("'abc", "unreadable", 1),
        ("${age", "unreadable", 1),
        ("“a”", "unreadable", 1),
        ("1 = /data/age", "unreadable", 5),
        ("${member}[1]", "unreadable", 10),
        ("age > 1", "bare_name", 1),
        ("..", "unsupported_path", 1),
        ("pulldata('a', 'b', 'c', 'd')", "unknown_function", 1),
        ("1 + foo(2)", "unknown_function", 5),
        ("instance('a')", "unknown_function", 1),
        ("selected(${age})", "wrong_argument_count", 1),
        ("today(1)", "wrong_argument_count", 1),
        ("count(1)", "wrong_argument", 1),
        ("sum('a')", "wrong_argument", 1),
        ("position(1)", "wrong_argument", 1),
        ("indexed-repeat(${age}, ${member})", "wrong_argument_count", 1),
        ("indexed-repeat(${age}, 'x', 1)", "wrong_argument", 1),
        ("jr:choice-name('a', 'b')", "wrong_argument", 1),
        ("regex(., '(')", "bad_pattern", 1),
        ("regex(., '(a+)+')", "bad_pattern", 1),
        ("regex(., ${name})", "wrong_argument", 1),
        ("(" * 100 + "1" + ")" * 100, "too_deep", 60),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, code, position):
    assert wrong(text) == (code, position)


def test_a_mistake_is_said_in_the_reader_s_language():
    with pytest.raises(ExpressionError) as caught:
        tree("foo(1)")
    with translation.override("en"):
        assert "foo" in str(caught.value)
    with translation.override("zh-hans"):
        assert "foo" in str(caught.value)


def test_templates_alternate_text_and_trees():
    assert template("您好，${name}：${age} 岁", NODES.get) == ["您好，", ["ref", 1], "：", ["ref", 0], " 岁"]
    assert template("您好", NODES.get) is None
    with pytest.raises(ExpressionError) as caught:
        template("您好，${who}", NODES.get)
    assert (caught.value.code, caught.value.position) == ("unknown_reference", 4)


def test_references_are_all_that_it_looks_at():
    assert sorted(set(references(tree("if(${age} > 1, ${name}, count(${member}))")))) == [0, 1, 2]
