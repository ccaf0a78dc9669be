"""The tags of every page: addresses keep the header's state; user text is text."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from indicators.engine.period import Quarter


def render(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    return Template("{% load web %}" + source).render(Context({"request": request, **context}))


def test_page_url_keeps_the_state_of_the_request():
    address = "/targets/?programme=p&quarter=2018Q3&rating=red"
    assert render("{% page_url 'reports:overview' %}", address) == "/?programme=p&amp;quarter=2018Q3"


def test_page_url_prefers_the_state_of_the_page():
    page = SimpleNamespace(state={"programme": "p", "quarter": "2018Q3", "basis": "approved"})
    shown = render("{% page_url 'reports:target-list' q_rating='red' %}", "/?quarter=2017Q1", page=page)
    assert shown == "/targets/?programme=p&amp;quarter=2018Q3&amp;basis=approved&amp;rating=red"


def test_page_url_without_any_state_is_the_bare_address():
    assert render("{% page_url 'reports:region' '1404' %}") == "/regions/1404/"


def test_same_page_changes_one_thing_and_keeps_the_rest():
    assert render("{% same_page quarter='2018Q2' %}", "/x/?a=1&quarter=2018Q3") == "/x/?a=1&amp;quarter=2018Q2"
    assert render("{% same_page a='' %}", "/x/?a=1") == "/x/"


def test_state_fields_are_pairs_for_hidden_inputs():
    source = "{% state_fields as fields %}{% for name, value in fields %}{{ name }}={{ value }};{% endfor %}"
    assert render(source, "/?programme=p&other=1") == "programme=p;"


def test_user_text_in_a_sentence_stays_text():
    shown = render("{% include '_components/sentence.html' with text=text %}", text="[[<b>x</b>]] & y")
    assert "&lt;b&gt;x&lt;/b&gt;" in shown
    assert "<b>" not in shown


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ value|number:1 }}", 1234.56, "1\u202f234.6"),
        ("{{ value|per_cent }}", 0.5, "50.0%"),
        ("{{ value|or_dash }}", 0, "0"),
        ("{{ value|or_dash }}", None, "—"),
        ("{{ value|or_dash }}", "", "—"),
        ("{{ value|quarter }}", Quarter.of(2018, 3), "Q3 2018"),
        ("{{ value|quarter }}", None, "—"),
        ("{{ value|plain }}", "a [[b]]", "a b"),
    ],
)
def test_filters(source, value, shown):
    with translation.override("en"):
        assert render(source, value=value) == shown


def test_a_rating_bar_without_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render("{% rating_bar counts %}", counts={"green": 1})
    assert 'role="img" aria-label="shares"' in render("{% rating_bar counts label='shares' %}", counts={"green": 1})


def test_a_sparkline_draws_its_runs():
    assert render("{% sparkline values %}", values=[1.0, None, 2.0, 3.0]).count("<polyline") == 2
