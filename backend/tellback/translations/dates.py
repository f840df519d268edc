"""Days and months in a language's own words: names and patterns are sentences of its catalogue."""

from tellback.translations.catalogues import catalogue
from tellback.translations.sentences import say_as, spoken

# Many languages bend a month's name in a full date: Polish "20 listopada 2026", but "listopad 2026".
_IN_A_DATE = (
    say_as("in a full date, after the day", "January"),
    say_as("in a full date, after the day", "February"),
    say_as("in a full date, after the day", "March"),
    say_as("in a full date, after the day", "April"),
    say_as("in a full date, after the day", "May"),
    say_as("in a full date, after the day", "June"),
    say_as("in a full date, after the day", "July"),
    say_as("in a full date, after the day", "August"),
    say_as("in a full date, after the day", "September"),
    say_as("in a full date, after the day", "October"),
    say_as("in a full date, after the day", "November"),
    say_as("in a full date, after the day", "December"),
)
_ALONE = (
    say_as("alone or before a year", "January"),
    say_as("alone or before a year", "February"),
    say_as("alone or before a year", "March"),
    say_as("alone or before a year", "April"),
    say_as("alone or before a year", "May"),
    say_as("alone or before a year", "June"),
    say_as("alone or before a year", "July"),
    say_as("alone or before a year", "August"),
    say_as("alone or before a year", "September"),
    say_as("alone or before a year", "October"),
    say_as("alone or before a year", "November"),
    say_as("alone or before a year", "December"),
)


def month_name(number: int) -> str:
    """The month of a number, 1 to 12, standing alone."""
    return _ALONE[number - 1]


def day_in_words(moment: str) -> str:
    """`2026-11-20`, or a moment that begins so, as "20 November 2026"."""
    year, month, day = moment[:4], int(moment[5:7]), int(moment[8:10])
    # Translators: A full date. Put the parts in your language's order; add its words or signs.
    return say_as("a full date", "{day} {month} {year}", day=day, month=_IN_A_DATE[month - 1], year=year)


def month_in_words(moment: str) -> str:
    """`2026-10`, or a day that begins so, as "October 2026"."""
    # Translators: A month of a year. Put the parts in your language's order; add its words or signs.
    return say_as("a month", "{month} {year}", month=month_name(int(moment[5:7])), year=moment[:4])


def for_pages(tag: str) -> dict[str, str]:
    """The same for the embed, as words by key: browsers know no months of Welsh and Somali.

    `date_day` and `date_month` are patterns; `in_date_1` to `in_date_12` stand in the first, `month_1` to
    `month_12` in the second and alone.
    """
    sentences = catalogue(tag)
    found = {
        "date_day": sentences.pgettext("a full date", "{day} {month} {year}"),
        "date_month": sentences.pgettext("a month", "{month} {year}"),
    }
    for number in range(1, 13):
        found[f"in_date_{number}"] = spoken(_IN_A_DATE[number - 1], tag)
        found[f"month_{number}"] = spoken(_ALONE[number - 1], tag)
    return found
