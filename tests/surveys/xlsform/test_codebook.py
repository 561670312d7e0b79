from needs.surveys.xlsform import codebook, ready


def test_every_question_is_listed_with_its_choices_in_the_language():
    rows = codebook(ready("villagers"), "English (en)")
    by_id = {row.id: row for row in rows}

    assert by_id["sex"].choices == (("male", "Male"), ("female", "Female"), ("unsaid", "Prefer not to say"))
    assert (by_id["sex"].role, by_id["sex"].personal, by_id["sex"].group) == ("sex", False, "About you")
    assert by_id["phone"].personal
    assert by_id["main_industry"].relevant == "count-selected(${industries}) > 1"
    assert by_id["member_place"].group == "Member away / Each member away"


def test_or_other_adds_its_choice_and_its_question():
    rows = [row for row in codebook(ready("villagers"), "中文 (zh)") if row.id.startswith("skills_wanted")]

    assert [row.id for row in rows] == ["skills_wanted", "skills_wanted_other"]
    assert rows[0].choices[-1][0] == "other"
    assert (rows[1].type, rows[1].relevant) == ("text", "selected(${skills_wanted}, 'other')")


def test_a_missing_translation_falls_back_to_the_default_language():
    document = {
        "settings": {"default_language": "中文"},
        "languages": ["中文", "English"],
        "items": [{"kind": "question", "id": "a", "type": "text", "name": "a", "label": {"中文": "甲"}}],
    }

    assert codebook(document, "English")[0].label == "甲"
