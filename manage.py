"""Django's command line: `python manage.py up` starts everything, `help` lists the rest."""

import os
import sys


def main() -> None:
    """Run one command; a malformed environment variable ends it with its sentence alone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018  reading one setting loads the file
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
