"""The forms of a publication: asked for, and confirmed."""

from django import forms
from django.utils.translation import gettext_lazy

from reports.actions.publications import LONGEST_REASON


class PublishForm(forms.Form):
    """The publication asked for or confirmed: the results seen, the key that makes sending it twice harmless."""

    seen = forms.CharField(max_length=80, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)


class AskForm(PublishForm):
    """A publication asked for, with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=4 * LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
