"""What a browser sends from the entry grid and from the acts on a form, read field by field.

Names are `<series id>-<field>`; unknown names are refused, never passed on. Source: trust rules 17 and 34, T2 to T4.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments.errors import Invalid
from indicators.actions.figures import Entry, check_entry
from indicators.actions.typed_texts import LONGEST_VERSION
from indicators.engine.numbers import NumberUnit, read_number
from indicators.models import Indicator, Series
from indicators.number_words import describe_refusal, unit_of_part, unit_of_value
from qscounty.web.digits import read_digits

NUMBERS = ("value", "numerator", "denominator")
FIELDS = (*NUMBERS, "nothing", "explanation", "version", "typed")
_NAME = re.compile(rf"([1-9][0-9]{{0,17}})-({'|'.join(FIELDS)})")
_OURS = frozenset({"csrfmiddlewaretoken"})
LONGEST_EXPLANATION = 2000


@dataclass(kw_only=True)
class ReadEntries:
    """What was sent: entries that can be read, and for the others the sentences by field; `typed` is as typed."""

    entries: dict[int, Entry] = field(default_factory=dict)
    problems: dict[int, dict[str, str]] = field(default_factory=dict)
    typed: dict[int, dict[str, str]] = field(default_factory=dict)


def read_entries(sent: Mapping[str, str], *, series: Iterable[Series]) -> ReadEntries:
    """Read every row that was sent; Invalid for names that no field has and for rows that the form has not."""
    known = {one.pk: one for one in series}
    read = ReadEntries()
    for name, text in sent.items():
        if name in _OURS:
            continue
        match = _NAME.fullmatch(name)
        if match is None or int(match[1]) not in known:
            raise Invalid(_("The page sent a field that this form does not have; reload the page. Nothing was saved."))
        read.typed.setdefault(int(match[1]), {})[match[2]] = text
    for pk, typed in read.typed.items():
        entry, problems = _read_row(typed, known[pk].indicator)
        problems = problems or _check(entry, known[pk])
        if problems:
            read.problems[pk] = problems
        else:
            read.entries[pk] = entry
    return read


def _read_row(typed: Mapping[str, str], indicator: Indicator) -> tuple[Entry, dict[str, str]]:
    numbers, problems = {}, {}
    for kind, label, unit in _list_numbers(indicator):
        found = read_number(typed.get(kind), unit=unit)
        numbers[kind] = found.value
        if found.refusal:
            problems[kind] = describe_refusal(found, field=label)
    explanation = typed.get("explanation")
    if explanation is not None and len(explanation) > LONGEST_EXPLANATION:
        problems["explanation"] = _("Explanation: at most %(count)d characters; shorten it.") % {
            "count": LONGEST_EXPLANATION
        }
    version = read_digits(typed.get("version", ""), at_most=LONGEST_VERSION)
    if version is None:
        problems["version"] = _("The page did not say which version of the figure it shows; reload it.")
    nothing = bool(typed.get("nothing"))
    if nothing:
        # What stood in the cells before the mark was set is not meant any more.
        numbers, problems = {}, {name: text for name, text in problems.items() if name not in NUMBERS}
    return (
        Entry(
            **numbers,
            nothing_occurred=nothing,
            explanation=None if explanation is None else clean_text(explanation),
            version_seen=version or 0,
            typed_seen=read_digits(typed.get("typed", "")) or 0,
        ),
        problems,
    )


def list_problems(typed: Mapping[str, str], series: Series) -> dict[str, str]:
    """Return what keeps a row's texts from being read, as sentences by field; empty if they can be read now."""
    entry, problems = _read_row({"version": "0", **typed}, series.indicator)
    return problems or _check(entry, series)


def _check(entry: Entry, series: Series) -> dict[str, str]:
    """Return what the action would refuse, as a problem of the row."""
    try:
        check_entry(entry, series=series)
    except Invalid as error:
        return {"row": str(error)}
    return {}


def _list_numbers(indicator: Indicator) -> list[tuple[str, str, NumberUnit]]:
    """Return (field, label, how % and 万 are read) of what an indicator takes."""
    if indicator.is_counted:
        return [
            ("numerator", indicator.numerator, unit_of_part(indicator.numerator_zh)),
            ("denominator", indicator.denominator, unit_of_part(indicator.denominator_zh)),
        ]
    return [("value", indicator.name, unit_of_value(indicator))]


class ActForm(forms.Form):
    """An act on a form: the version that the person saw, and the key that makes sending it twice harmless."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def read(self) -> tuple[int, UUID]:
        """Return version and key; Invalid if either is missing."""
        if not self.is_valid():
            raise Invalid(_("The page did not say which version of the form it shows; reload it."))
        return self.cleaned_data["version"], self.cleaned_data["key"]


class ReasonForm(ActForm):
    """An act that wants a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CheckForm(ActForm):
    """Figures that a reviewer looked at: `seen` is “series:version”, by blanks; `settled`: all at once."""

    seen = forms.RegexField(r"\A[1-9][0-9]{0,17}:[0-9]{1,9}( [1-9][0-9]{0,17}:[0-9]{1,9})*\Z", max_length=100_000)
    settled = forms.BooleanField(required=False)

    def read_seen(self) -> dict[int, int]:
        """Return the versions by series id; Invalid if the page named none."""
        if not self.is_valid():
            raise Invalid(_("The page did not say which figures it shows; reload it."))
        pairs = (pair.split(":") for pair in self.cleaned_data["seen"].split(" "))
        return {int(pk): int(version) for pk, version in pairs}


_REMARK = re.compile(r"remark-([1-9][0-9]{0,17})")


def read_remarks(sent: Mapping[str, str]) -> dict[int, str]:
    """Return the remarks of a return by series id; whose series they are is for the action to check."""
    found = {int(match[1]): clean_text(text) for name, text in sent.items() if (match := _REMARK.fullmatch(name))}
    return {pk: text for pk, text in found.items() if text}


def clean_text(text: str) -> str:
    """Return words as they are kept: trimmed, with plain line ends, and without the one character no database takes."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
