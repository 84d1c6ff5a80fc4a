"""The calendar as an .ics file, the same bytes for the same calendar."""

from __future__ import annotations

import datetime as dt
import hashlib

from icalendar import Calendar as Ics
from icalendar import Event

from coopdec_rules.documents.room import Calendar

MEDIA = "text/calendar; charset=utf-8"
_PRODUCT = "-//coopdec-rules//calendrier//FR"


def write(calendar: Calendar, title: str) -> bytes:
    """Every dated step as a day; ``title`` names the calendar and the action."""
    ics = Ics()
    ics.add("prodid", _PRODUCT)
    ics.add("version", "2.0")
    ics.add("x-wr-calname", title)
    stamp = dt.datetime.combine(calendar.given.seance, dt.time(), dt.UTC)
    for entry in calendar.entries:
        if entry.date is None:
            continue
        event = Event()
        event.add("summary", f"{entry.title} ({entry.when})")
        event.add("dtstart", entry.date)
        event.add("dtend", entry.date + dt.timedelta(days=1))
        event.add("dtstamp", stamp)
        event.add("transp", "TRANSPARENT")
        event.add("description", "\n".join(filter(None, (entry.text, entry.source))))
        mark = f"{title}\0{entry.step.id}\0{entry.date}\0{calendar.given.seance}"
        event.add("uid", f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}@coopdec-rules")
        ics.add_component(event)
    return bytes(ics.to_ical())
