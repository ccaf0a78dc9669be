"""Joining words and sentences in either language, and the words that stand out."""

import pytest
from django.utils import translation

from qscounty.web.sentences import Piece, drop_emphasis, join_clauses, join_sentences, join_words, split_emphasis


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", [Piece("plain")]),
        ("", []),
        ("a [[b]] c", [Piece("a "), Piece("b", stands_out=True), Piece(" c")]),
        ("[[all]]", [Piece("all", stands_out=True)]),
        ("[[a]][[b]]", [Piece("a", stands_out=True), Piece("b", stands_out=True)]),
        ("never [[closed", [Piece("never "), Piece("closed")]),
        ("<b>[[<i>]]", [Piece("<b>"), Piece("<i>", stands_out=True)]),
    ],
)
def test_split_emphasis(text, pieces):
    assert split_emphasis(text) == pieces


def test_drop_emphasis():
    assert drop_emphasis("5 [[behind]], 2 [[late]]") == "5 behind, 2 late"


@pytest.mark.parametrize(
    ("language", "words", "joined"),
    [
        ("zh-hans", [], ""),
        ("zh-hans", ["甲"], "甲"),
        ("zh-hans", ["甲", "乙"], "甲和乙"),
        ("zh-hans", ["甲", "乙", "丙"], "甲、乙和丙"),
        ("en", ["a"], "a"),
        ("en", ["a", "b"], "a and b"),
        ("en", ["a", "b", "c"], "a, b and c"),
    ],
)
def test_join_words(language, words, joined):
    with translation.override(language):
        assert join_words(words) == joined


@pytest.mark.parametrize(("language", "joined"), [("zh-hans", "甲，乙，丙"), ("en", "甲, 乙 and 丙")])
def test_join_clauses(language, joined):
    with translation.override(language):
        assert join_clauses(["甲", "乙", "丙"]) == joined


@pytest.mark.parametrize(("language", "joined"), [("zh-hans", "甲。乙。"), ("en", "甲。 乙。")])
def test_join_sentences_leaves_out_what_is_empty(language, joined):
    with translation.override(language):
        assert join_sentences(["甲。", "", "乙。"]) == joined
