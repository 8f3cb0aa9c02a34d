"""What the description of a diary says, as sentences filled from its numbers. Describes; the words of a verdict are
not here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from .claim_cards import said_date
from .numbers import count_of, listed, number

if TYPE_CHECKING:
    from anagen.diary.describe.change import Change
    from anagen.diary.describe.describe import Description
    from anagen.diary.describe.timeline import Happened


def sentences(found: Description) -> list[str]:
    """Everything, in the order of the report: counts, what more would show, doses, things that happened."""
    first = [headline(found)] if found.latest else []
    return [*first, *count_sentences(found), *more_sentences(found), *dose_sentences(found), *timeline_sentences(found)]


def headline(found: Description) -> str:
    """The first sentence: what the counts did."""
    if found.latest is None or found.counts is None:
        return found.why.get("change") or found.why.get("counts") or "There is nothing to compare yet."
    latest, rule = found.latest, found.rule
    change = f"Over {_weeks(latest)} your {_called(found)} was {fold(latest)} your own usual"
    if rule is not None and rule.since is not None:
        return (
            f"{change}. From week {rule.since} after the first dose it was above the limit two counted weeks in a row."
        )
    return f"{change}. It was never above the limit in two counted weeks in a row."


def fold(change: Change) -> str:
    """A ratio with its interval.

    >>> from anagen.diary.describe.change import Change
    >>> fold(Change(1.84, 1.31, 2.52, 9, 6, 9))
    '1.8 times (95\u202f% interval 1.3 to 2.5)'
    """
    return f"{ratio(change.ratio)} times (95\u202f% interval {ratio(change.low)} to {ratio(change.high)})"


def ratio(value: float) -> str:
    """Two digits.

    >>> ratio(1.84), ratio(0.624), ratio(12.3)
    ('1.8', '0.62', '12')
    """
    return f"{value:.2f}" if value < 0.995 else f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def count_sentences(found: Description) -> list[str]:
    """Baseline, change, rule and scatter, each with what it rests on."""
    counts, scatter = found.counts, found.scatter
    if counts is None or scatter is None:
        return [found.why["counts"]]
    said = []
    if found.baseline:
        base = found.baseline
        said.append(
            f"Your own usual, from {base.counts} counts before the first dose: {number(base.rate)} {counts.unit} "
            f"(95\u202f% interval {number(base.low)} to {number(base.high)})."
        )
    if "change" in found.why:
        said.append(found.why["change"])
    if found.latest:
        said.append(f"The change rests on the latest {_some(found.latest.counts, 'count')} after the first dose.")
    if found.rule:
        # Of a number of simulated diaries: none of them is still not never.
        alone, pair = (count_of(max(chance, 1e-4)) for chance in (found.rule.alone, found.rule.in_a_row))
        said.append(
            f"The limit is {number(found.rule.limit)} {counts.unit}. In diaries like this one in which nothing "
            f"changes, chance puts one week above the limit in {alone}, and two counted weeks in a row in {pair}."
        )
    if scatter.assumed:
        said.append(found.why["phi"])
    elif scatter.phi == 1.0:
        said.append("Your counts scatter no more than pure chance (φ is 1).")
    else:
        said.append(
            f"Your counts scatter {number(scatter.phi)} times as much as pure chance (φ, from counts of the same "
            "week); the intervals hold that."
        )
    if counts.left_out:
        said.append(
            f"{_some(counts.left_out, 'count')} left out: not done by the rules of the test, or without the time since "
            "the wash before."
        )
    return said


def more_sentences(found: Description) -> list[str]:
    """What more counts would show."""
    need = found.needed
    if need is None:
        return [
            "A baseline is at least 3 counts from before the first dose, better 9: three in one week of each month."
        ]
    if need.counts is None:
        wanted = (
            f" {found.baseline_wanted} counts before and as many after could have." if found.baseline_wanted else ""
        )
        return [
            f"With this baseline no number of counts can show a rise of {need.ratio:g} times for sure enough.{wanted}"
        ]
    if need.have >= need.counts:
        return [f"There are enough counts to see a rise of {need.ratio:g} times in more than 80 of 100 such diaries."]
    return [
        f"To see a rise of {need.ratio:g} times in 80 of 100 such diaries, {need.counts} counts after the first dose "
        f"are needed; there are {need.have}. Three in one week of each month are enough; daily counting is not needed, "
        "and becomes a burden to some."
    ]


def dose_sentences(found: Description) -> list[str]:
    """Doses as taken, apart from those planned, and the level of simulated people."""
    doses = found.doses
    if doses is None:
        return [found.why["doses"]]
    per_kg = f", {number(doses.mg_per_kg)} mg/kg with the weight at each time" if doses.mg_per_kg is not None else ""
    said = [
        f"Written as taken: {_some(doses.taken, 'dose')} {_span(doses.first, doses.last)}, "
        f"{number(doses.mg)} mg in all{per_kg}; {number(doses.mean_mg_a_day)} mg a day on average."
    ]
    if doses.mg_per_kg is None:
        said.append("No weight is in the diary, so no mg/kg is given.")
    apart = []
    if doses.left_out:
        apart.append(f"{doses.left_out} written as left out")
    if doses.planned:
        apart.append(f"{_some(doses.planned, 'planned dose')} ({number(doses.planned_mg)} mg), not counted as taken")
    if apart:
        said.append(f"Apart from these: {listed(apart)}.")
    result = found.result
    if result is not None and "cavg_ng_per_ml" in result.exposure:
        said.append(
            f"In the model, the typical person of {number(found.patient.weight_kg)} kg with these doses has "
            f"{number(result.exposure['cavg_ng_per_ml'])} ng/mL of the drug on average over the last doses."
        )
    gaps = []
    if doses.untimed:
        have = "has" if doses.untimed == 1 else "have"
        gaps.append(f"{_some(doses.untimed, 'dose')} {have} no time of day (noon is taken)")
    if doses.meal_unsaid:
        have = "has" if doses.meal_unsaid == 1 else "have"
        gaps.append(f"{_some(doses.meal_unsaid, 'dose')} {have} no meal (a standard meal is taken)")
    return said + ([f"{listed(gaps)}."] if gaps else [])


def timeline_sentences(found: Description) -> list[str]:
    """What happened before the rise, by date; or that there was none."""
    if found.rise is None:
        # Without a dose there is no figure of what happened: it is said here, so that nothing written down is lost.
        told = [] if found.first else [f"{one.what}, {said_date(one.day)}." for one in found.happened]
        return [*told, "No rise was found by the rule, so no window is compared with one."]
    fitting = [one for one in found.happened if one.fits]
    if not fitting:
        return [
            f"The rise began in the week from {said_date(found.rise)}. Nothing written down has a published window "
            "that holds that day."
        ]
    names = listed([f"{_named(one)} on {said_date(one.day)}" for one in fitting])
    return [
        f"The rise began in the week from {said_date(found.rise)}. By date, these have a published window that holds "
        f"that day: {names}. A diary alone cannot tell which of them, if any, has to do with it."
    ]


def _named(one: Happened) -> str:
    return one.what[:1].lower() + one.what[1:]


def _weeks(change: Change) -> str:
    if change.first_week == change.last_week:
        return f"week {change.last_week}"
    return f"weeks {change.first_week} to {change.last_week}"


def _called(found: Description) -> str:
    assert found.counts is not None
    return {"comb": "60-second comb count", "day": "count of a day"}.get(found.counts.method, "count at washes")


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _span(first: date, last: date) -> str:
    return f"on {said_date(first)}" if first == last else f"from {said_date(first)} to {said_date(last)}"
