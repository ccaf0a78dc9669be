"""What a browser sends from calendar and denominators; unknown names are refused. Source: trust rules 5 and 34."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from departments.errors import Invalid
from departments.models import Department
from indicators.actions.calendar import Dates
from indicators.calendar_days import find_working_day
from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator, Programme, ReportingQuarter, Series, Submission
from qscounty.web.formats import format_quarter

LONGEST_REASON = 2000
LONGER = timedelta(days=7)
_OURS = frozenset({"csrfmiddlewaretoken"})


class DayInput(forms.DateInput):
    """A day as browsers pick it, whatever the page's language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day written as 2018-10-15; also with full-width digits and as 2018年10月15日."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d"], **kwargs)


class StrictForm(forms.Form):
    """A form that takes its own fields and nothing else, and is done once for its key."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def read(self) -> dict[str, Any]:
        """Return what was sent; Invalid names the first field that cannot be read, or one that is not ours."""
        if set(self.data) - set(self.fields) - _OURS:
            raise Invalid(_("The page sent a field that this form does not have; reload the page. Nothing was saved."))
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            label = self.fields[name].label if name in self.fields else ""
            raise Invalid(f"{label}: {errors[0]}" if label else str(errors[0]))
        return dict(self.cleaned_data)

    @property
    def sent_key(self) -> UUID:
        """The form's key; only after `read`."""
        key: UUID = self.cleaned_data["key"]
        return key


def make_key_form() -> StrictForm:
    """Return a form that holds nothing but a new key, for a button."""
    return StrictForm(initial={"key": uuid4()}, auto_id=False)


class DatesForm(StrictForm):
    """When a quarter opens, falls due and closes, with the dates that the person read."""

    opens_on = DayField(label=gettext_lazy("Opens on"))
    due_on = DayField(label=gettext_lazy("Due on"))
    closes_on = DayField(label=gettext_lazy("Closes on"))
    seen_opens_on = DayField(widget=forms.HiddenInput)
    seen_due_on = DayField(widget=forms.HiddenInput)
    seen_closes_on = DayField(widget=forms.HiddenInput)

    def read_dates(self) -> tuple[Dates, Dates]:
        """Return the dates wanted and the dates seen."""
        sent = self.read()
        names = ("opens_on", "due_on", "closes_on")
        wanted = Dates(**{name: sent[name] for name in names})
        return wanted, Dates(**{name: sent[f"seen_{name}"] for name in names})


class ExtensionForm(StrictForm):
    """Later dates for one department, with the reason."""

    department = forms.ModelChoiceField(label=gettext_lazy("Department"), queryset=Department.objects.none())
    due_on = DayField(label=gettext_lazy("Due on"))
    closes_on = DayField(label=gettext_lazy("Closes on"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, departments: list[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        field.queryset = Department.objects.filter(pk__in=[one.pk for one in departments])  # type: ignore[attr-defined]
        field.empty_label = "—"  # type: ignore[attr-defined]


def make_dates_form(window: ReportingQuarter) -> DatesForm:
    """Return the form with the dates as they stand."""
    dates = {name: getattr(window, name) for name in ("opens_on", "due_on", "closes_on")}
    seen = {f"seen_{name}": day for name, day in dates.items()}
    return DatesForm(initial={**dates, **seen, "key": uuid4()}, auto_id="dates-%s")


def make_extension_form(window: ReportingQuarter, *, departments: list[Department], today: date) -> ExtensionForm:
    """Return the form with dates a week after the quarter's own, or after today where they have passed."""
    due_on = find_working_day(max(window.due_on, today) + LONGER)
    initial = {"due_on": due_on, "closes_on": find_working_day(max(window.closes_on, due_on) + LONGER), "key": uuid4()}
    return ExtensionForm(initial=initial, departments=departments, auto_id="extension-%s")


class DenominatorForm(StrictForm):
    """A denominator that carries over: of which figure, how large, from and to which quarter, and from where.

    `seen` names the denominators that the page showed, see `name_seen`: what a colleague kept since is not replaced.
    """

    seen = forms.JSONField(required=False, widget=forms.HiddenInput)
    series = forms.ModelChoiceField(label=gettext_lazy("Figure"), queryset=Series.objects.none())
    value = forms.CharField(label=gettext_lazy("Denominator"), max_length=80)
    valid_from = forms.TypedChoiceField(label=gettext_lazy("Valid from"), coerce=Quarter.parse)
    valid_to = forms.TypedChoiceField(
        label=gettext_lazy("Valid to"), coerce=Quarter.parse, required=False, empty_value=None
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=200)

    def __init__(self, *args: Any, series: list[Series], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["series"]
        choice.queryset = Series.objects.filter(pk__in=[one.pk for one in series]).select_related("indicator", "region")
        choice.empty_label = "—"
        choice.label_from_instance = lambda one: f"{one.indicator.name} · {one.region.short_name}"
        quarters = _list_quarters()
        first: Any = self.fields["valid_from"]
        last: Any = self.fields["valid_to"]
        first.choices, last.choices = quarters, [("", gettext_lazy("until further notice")), *quarters]

    def read_entered(self) -> dict[str, Any]:
        """Return what the action takes: the fields, and when that was kept which the page showed in their place."""
        sent = self.read()
        seen = sent["seen"] if isinstance(sent["seen"], dict) else {}
        place = f"{sent['series'].pk}:{sent['valid_from']}"
        fields = {name: sent[name] for name in ("series", "value", "valid_from", "valid_to", "source")}
        return fields | {"seen": str(seen.get(place, ""))}


def name_seen(carried: Iterable[CarriedDenominator]) -> dict[str, str]:
    """Return when each denominator was kept, by figure and first quarter: “12:2018Q1”."""
    return {f"{one.series_id}:{one.valid_from}": one.at.isoformat() for one in carried}


def make_denominator_form(
    submission: Submission, *, series: list[Series], carried: Iterable[CarriedDenominator]
) -> DenominatorForm:
    """Return the form beside the denominators shown, from the first quarter of the form's year on."""
    first = Quarter.of(submission.quarter.year, 1)
    initial = {"valid_from": str(first), "key": uuid4(), "seen": name_seen(carried)}
    return DenominatorForm(initial=initial, series=series, auto_id="denominator-%s")


def _list_quarters() -> list[tuple[str, str]]:
    """Return the quarters that any programme knows, as choices."""
    span = Programme.objects.aggregate(first=Min("first_quarter"), last=Max("last_quarter"))
    if span["first"] is None:
        return []
    ordinals = range(span["first"].ordinal, span["last"].ordinal + 1)
    return [(str(Quarter(n)), format_quarter(Quarter(n).year, Quarter(n).number)) for n in ordinals]
