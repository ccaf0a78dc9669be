"""The seal of a form: whether its hidden sheet is the one that this site gave out."""

import json

from django.utils.crypto import constant_time_compare, salted_hmac

from indicators.excel.layout import Form

_SALT = "indicators.excel.form"


def seal_form(form: Form) -> str:
    """Return the fingerprint over everything that the hidden sheet says; the site's key goes into it."""
    text = json.dumps([[clean(text) for text in line] for line in form.lines()], ensure_ascii=False)
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()


def is_sealed(form: Form, seal: str) -> bool:
    """Return whether `seal` is the form's own."""
    return constant_time_compare(seal_form(form), seal)


def clean(text: str) -> str:
    """Return a text as every spreadsheet program gives it back: lines parted alike, no blanks at the ends."""
    if "\n" not in text and "\r" not in text and "_x000D_" not in text:
        return text.strip()
    text = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.strip() for line in text.split("\n")).strip()
