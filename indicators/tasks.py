"""Background doors: each calls one action, and may come twice, late or never. Source: trust rules 11 to 14."""

from celery import shared_task

# Shorter than the soft time limit, so that a door closes by itself; the next message goes on.
SECONDS = 30.0


@shared_task(ignore_result=True)
def recompute_due(**_later: object) -> None:
    """Work through the due requests. The message is only a hint: what is due, the table says."""
    from indicators.actions.recompute import process_due_requests

    process_due_requests(seconds=SECONDS)


@shared_task(ignore_result=True)
def recompute_opened_quarters(**_later: object) -> None:
    """Ask for the programmes in which a quarter has opened since their results were computed."""
    from indicators.actions.recompute import request_opened_quarters

    request_opened_quarters()


@shared_task(ignore_result=True)
def verify_programmes(**_later: object) -> None:
    """Send one check for each programme."""
    from indicators.selectors.verification import list_verifiable

    for programme_id in list_verifiable():
        verify_programme.delay(programme_id=programme_id)


@shared_task(ignore_result=True)
def verify_programme(*, programme_id: int, **_later: object) -> None:
    """Compare a programme's results and roll-ups with a recount, and repair what differs."""
    from indicators.actions.verification import verify_and_repair

    verify_and_repair(programme_id=programme_id)


@shared_task(ignore_result=True)
def send_reminders(**_later: object) -> None:
    """Remind whoever has not finished, as the calendar asks for today."""
    from indicators.actions.notices import send_reminders as send

    send()


@shared_task(ignore_result=True)
def mail_notices(**_later: object) -> None:
    """Send the notices that wait by e-mail, where the site has a mail server."""
    from indicators.actions.notice_mail import mail_notices as mail

    mail(seconds=SECONDS)
