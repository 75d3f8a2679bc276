"""Dates as the list shows them: the group of a conversation, and a short date beside a finding."""

import bisect
from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QDate, QLocale

from desktop.ui.i18n import tr

WEEK = 7
YEARS = 12  # whose months have groups of their own
SECONDS = 19  # characters of ISO 8601 up to the seconds
UTC_SUFFIX = "+00:00"


class Days:
    """Groups by day, seen from one moment.

    Ten thousand times are grouped at once: a time is compared as text with where groups begin.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self.today = (now or datetime.now(UTC)).astimezone().date()
        groups = sorted(self._groups())
        self._starts = [start for start, _ in groups]
        self._names = [name for _, name in groups]

    def group(self, moment: str) -> str:
        """Such as “Yesterday”, for a time in ISO 8601."""
        if not moment.endswith(UTC_SUFFIX):
            moment = _in_utc(moment)
        place = bisect.bisect_right(self._starts, moment[:SECONDS])
        if place:
            return self._names[place - 1]
        return tr("Older") if moment else tr("Undated")

    def _groups(self) -> list[tuple[str, str]]:
        today = self.today
        groups = [
            (_start(today), tr("Today")),
            (_start(today - timedelta(days=1)), tr("Yesterday")),
            (_start(today - timedelta(days=WEEK)), tr("Previous 7 days")),
        ]
        first = (today - timedelta(days=WEEK + 1)).replace(day=1)
        for _ in range(12 * YEARS):
            name = QLocale().standaloneMonthName(first.month)
            this_year = first.year == today.year
            words = name if this_year else tr("{month} {year}", month=name, year=first.year)
            groups.append((_start(first), words))
            first = (first - timedelta(days=1)).replace(day=1)
        return groups


def short_date(moment: str, today: date | None = None) -> str:
    """Such as “Today”, “21 Nov” or “21 Nov 2025”; empty when it is not known."""
    try:
        day = datetime.fromisoformat(moment).astimezone().date()
    except (ValueError, OverflowError):
        return ""
    today = today or date.today()
    if day == today:
        return tr("Today")
    form = tr("d MMM") if day.year == today.year else tr("d MMM yyyy")
    return QLocale().toString(QDate(day.year, day.month, day.day), form)


def _start(day: date) -> str:
    """When a day begins here, in UTC."""
    return datetime.combine(day, time()).astimezone(UTC).isoformat()[:SECONDS]


def _in_utc(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""
