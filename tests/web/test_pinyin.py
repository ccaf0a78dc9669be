"""Names by the first letters of their sounds."""

import pytest

from qscounty.web.pinyin import find_initials, list_initials, normalise


@pytest.mark.parametrize(
    ("text", "letters", "place"),
    [
        pytest.param("长治市", "czs", 0, id="from the first, a name of a place with two sounds"),
        pytest.param("长治市", "zzs", 0, id="the other sound of the first"),
        pytest.param("空气质量", "kqzl", 0, id="a whole name"),
        pytest.param("空气质量", "zl", 2, id="from the middle"),
        pytest.param("空气质量", "zlx", -1, id="longer than the name"),
        pytest.param("细颗粒物PM2.5浓度", "wpm2", 3, id="letters and digits stand for themselves"),
        pytest.param("ＰＭ２.５", "pm2", 0, id="full width"),
        pytest.param("County 1", "county", 0, id="no Chinese"),
        pytest.param("长治市", "", -1, id="no letters"),
        pytest.param("长治市", "长治", -1, id="characters are no initials"),
        pytest.param("长治市", "c-z", -1, id="signs are no initials"),
        pytest.param("", "a", -1, id="nothing to search in"),
    ],
)
def test_initials_are_found_where_they_begin(text, letters, place):
    assert find_initials(text, letters) == place


def test_there_is_one_string_of_letters_for_each_character():
    text = "磐安县2018年"
    assert len(list_initials(text)) == len(text)


@pytest.mark.parametrize(("text", "normal"), [("  ＡＢＣ１ ", "abc1"), ("GB/T", "gb/t"), ("质量", "质量"), ("", "")])
def test_text_is_compared_in_one_form(text, normal):
    assert normalise(text) == normal
