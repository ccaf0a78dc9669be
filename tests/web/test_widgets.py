"""A choice among hundreds, drawn in one go, says exactly what Django's own would say."""

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.translation import gettext_lazy, override

from qscounty.web.tables import ForgivingPaginator
from qscounty.web.widgets import PlainSelect

CHOICES = [("", gettext_lazy("Nothing fits. Widen the choice above.")), ("a", "A & B"), ("b", '<"B">'), (3, "three")]


@pytest.mark.parametrize("value", [None, "", "a", "b", 3, "3", "unknown"])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "class": 'a"b'}])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_draws_what_django_draws(value, attrs, language):
    with override(language):
        drawn = [kind(choices=CHOICES).render("x", value, attrs) for kind in (PlainSelect, forms.Select)]
    assert parse_html(drawn[0]) == parse_html(drawn[1])
    assert "<B>" not in drawn[0]


@pytest.mark.parametrize(("known", "count"), [(None, 25), (7, 7), (0, 0)])
def test_rows_that_were_counted_already_are_not_counted_again(known, count):
    assert ForgivingPaginator(range(25), 10, known=known).count == count
