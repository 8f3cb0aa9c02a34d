"""The whole cascade for one person, written a second time: plain NumPy and SciPy, loops, no engine code.

Exposure is the matrix exponential of the five compartments; effects are Gauss-Legendre sums between the moments
at which doses enter; the hair chain is a dense daily matrix. It follows the design's model and the docstrings of
the mechanisms. Hours up to the responses, days for hair.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.linalg import expm
from scipy.stats import norm

NUTRIENTS = ("biotinidase", "vitamin_e", "folate", "b12", "zinc", "selenium", "biotin", "vitamin_d")
MEALS = ("high_fat", "standard", "fasted")
FORMULATIONS = ("conventional", "lidose", "micronised")
NOTHING = 1e-9  # ng/mL
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
DAY_NODES = (_NODES + 1) / 2, _WEIGHTS / 2
"""Gauss-Legendre nodes and weights of a day, in days."""


def radau(nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights on [0, 1], the last at the end: the nodes are the roots of Legendre's P(n-1) - P(n), the
    weights make powers exact."""
    coefficients = np.zeros(nodes + 1)
    coefficients[[nodes - 1, nodes]] = 1, -1
    x = (np.sort(np.polynomial.legendre.legroots(coefficients)) + 1) / 2
    powers = np.polynomial.legendre.legvander(2 * x - 1, nodes - 1)
    return x, np.linalg.solve(powers.T, np.eye(nodes)[0])


SITE_FED, SITE_FASTED, CENTRAL, PERIPHERAL, METABOLITE, CENTRAL_HOURS, METABOLITE_HOURS = range(7)


@dataclass
class SlowPerson:
    """Parameters by name, covariates, and the person's own random draws as functions of the dose or day."""

    p: Mapping[str, float]
    uniform: Mapping[str, float] = field(default_factory=dict)
    occasion: Callable[[int], float] = lambda dose: 0.0
    exercise: Callable[[int], float] = lambda day: 0.0
    exercise_size: Callable[[int], float] = lambda day: 0.0
    typical: bool = True
    weight_kg: float = 70.0
    male: bool = False
    severity: float = 0.0
    pattern_hair_loss: bool = False
    ferritin: float = math.inf
    assumed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dose:
    time_h: float
    mg: float
    meal: str
    formulation: str


# --- exposure ------------------------------------------------------------------------------------------


def disposition_matrix(who: SlowPerson) -> np.ndarray:
    """d(amounts)/dt in 1/h; the last two rows integrate central and metabolite amounts."""
    p, relative = who.p, who.weight_kg / 70
    clearance = p["exposure.clearance"] * relative**0.75
    between = p["exposure.intercompartmental_clearance"] * relative**0.75
    central, peripheral = p["exposure.central_volume"] * relative, p["exposure.peripheral_volume"] * relative
    ka_fed = p["exposure.absorption_rate"]
    ka_fasted = ka_fed * p["exposure.absorption_rate_fasted_factor"]
    out = clearance / central
    a = np.zeros((7, 7))
    a[SITE_FED, SITE_FED], a[CENTRAL, SITE_FED] = -ka_fed, ka_fed
    a[SITE_FASTED, SITE_FASTED], a[CENTRAL, SITE_FASTED] = -ka_fasted, ka_fasted
    a[CENTRAL, CENTRAL], a[CENTRAL, PERIPHERAL] = -out - between / central, between / peripheral
    a[PERIPHERAL, CENTRAL], a[PERIPHERAL, PERIPHERAL] = between / central, -between / peripheral
    a[METABOLITE, CENTRAL] = out * p["exposure.metabolite_mass_factor"]
    a[METABOLITE, METABOLITE] = (
        -p["exposure.metabolite_clearance"] * relative**0.75 / (p["exposure.metabolite_volume"] * relative)
    )
    a[CENTRAL_HOURS, CENTRAL] = a[METABOLITE_HOURS, METABOLITE] = 1
    return a


def entering(who: SlowPerson, doses: list[Dose]) -> list[tuple[float, int, float]]:
    """(hour, site, mg absorbed) of every dose, in order; none overtakes one taken earlier."""
    p, latest, made = who.p, -math.inf, []
    spread = p["exposure.bioavailability_occasion.between"]
    for number, dose in enumerate(doses):
        fasted = dose.meal == "fasted"
        lag = min(p["exposure.lag_fasted"] if fasted else p["exposure.lag_fed"], 23.5)
        latest = max(latest, dose.time_h + lag)
        share = p[f"exposure.bioavailability.{dose.formulation}.{dose.meal}"]
        z = 0.0 if who.typical else who.occasion(number) - spread / 2  # the mean over occasions is 1
        made.append((latest, SITE_FASTED if fasted else SITE_FED, dose.mg * share * math.exp(spread * z)))
    return made


@dataclass
class LevelOfDay:
    """Parent in ng/mL at nodes of a day, their times from noon in days, weights; exact daily means. `pieces` of the
    day, between entries: the u of the nodes (the root of the time since the entry) and the levels there."""

    parent: np.ndarray
    from_noon: np.ndarray
    weight: np.ndarray
    mean: float
    metabolite_mean: float
    begins: float
    ends: float
    entries: int
    pieces: list[tuple[np.ndarray, np.ndarray]]


def levels(
    who: SlowPerson, doses: list[Dose], days: int, nodes: tuple[int, int], stops: tuple[float, ...] = ()
) -> list[LevelOfDay]:
    """Levels of each day; `nodes` before a day's first entry, and after each entry (crowded towards it).

    `stops`: hours of every day that count as entries even where nothing enters.
    """
    a, known = disposition_matrix(who), {}

    def later(hours: float) -> np.ndarray:
        key = round(hours, 9)
        if key not in known:
            known[key] = expm(a * hours)
        return known[key]

    relative = who.weight_kg / 70
    parent_volume = who.p["exposure.central_volume"] * relative
    metabolite_volume = who.p["exposure.metabolite_volume"] * relative
    entries = entering(who, doses)
    amounts, made = np.zeros(7), []
    before, (u, w) = (radau(n) for n in nodes)
    after = u**2, 2 * u * w  # s = u²: ds = 2u du
    for day in range(days):
        amounts[[CENTRAL_HOURS, METABOLITE_HOURS]] = 0
        begins = 1e3 * amounts[CENTRAL] / parent_volume
        today = [entry for entry in entries if 24 * day <= entry[0] < 24 * (day + 1)]
        idle = [24 * day + stop for stop in stops if all(abs(24 * day + stop - hour) > 1e-6 for hour, _, _ in today)]
        today = sorted([*today, *((hour, SITE_FED, 0.0) for hour in idle)])
        edges = [0.0, *(hour - 24 * day for hour, _, _ in today), 24.0]
        parent, moments, weights = [], [], []
        for i, (begin, end) in enumerate(pairwise(edges)):
            if i > 0:
                amounts[today[i - 1][1]] += today[i - 1][2]
            for share, weight in zip(*(before if i == 0 else after), strict=True):
                hour = share * (end - begin)
                parent.append(1e3 * (later(hour) @ amounts)[CENTRAL] / parent_volume)
                moments.append((begin + hour) / 24 - 0.5)
                weights.append(weight * (end - begin) / 24)
            amounts = later(end - begin) @ amounts
        made.append(
            LevelOfDay(
                np.array(parent),
                np.array(moments),
                np.array(weights),
                1e3 * amounts[CENTRAL_HOURS] / 24 / parent_volume,
                1e3 * amounts[METABOLITE_HOURS] / 24 / metabolite_volume,
                begins,
                1e3 * amounts[CENTRAL] / parent_volume,
                len(today),
                [
                    (spots, np.array(parent[first : first + spots.size]))
                    for spots, first in zip(
                        [before[0], *[u] * len(today)],
                        [0, *(nodes[0] + nodes[1] * i for i in range(len(today)))],
                        strict=True,
                    )
                ],
            )
        )
    return made


# --- responses -----------------------------------------------------------------------------------------


def turned_over(x: float, rate: float, mean: float, moment: float, bend: float) -> float:
    """One day of dx/dt = rate (f(t) - x) for the f quadratic in the day that has these three moments."""
    t, w = DAY_NODES
    f = mean + 12 * moment * (t - 0.5) + 180 * bend * ((t - 0.5) ** 2 - 1 / 12)
    return x * math.exp(-rate) + float(w @ (rate * np.exp(-rate * (1 - t)) * f))


def pulled(x: float, rate: float, level: LevelOfDay, effect: np.ndarray, steady: float) -> float:
    """One day of dx/dt = rate (steady + f(t) - x) for the f that has these values at the nodes of the day."""
    counts = level.weight * rate * np.exp(-rate * (0.5 - level.from_noon))
    return x * math.exp(-rate) + float(counts @ effect) + (1 - math.exp(-rate)) * steady


def top_of(pieces: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """The highest of the nodes, and of the tops of parabolas over u through a node higher than both its neighbours in
    its piece and them."""
    tops = [float(level.max()) for _, level in pieces]
    for spots, seen in pieces:
        for i in range(1, len(seen) - 1):
            u, c = spots[i - 1 : i + 2], seen[i - 1 : i + 2]
            if c[1] > c[0] and c[1] > c[2]:
                bend, slope, _ = fit = np.polyfit(u - u[1], c, 2)
                tops.append(float(np.polyval(fit, -slope / (2 * bend))))
    return max(tops)


def power(level: np.ndarray, reference: float, exponent: float, ceiling: float) -> np.ndarray:
    """(level / reference)^exponent, at most the ceiling; next to nothing of a level below NOTHING."""
    return np.minimum((np.maximum(level, NOTHING) / reference) ** exponent, ceiling) * np.minimum(level / NOTHING, 1.0)


def cascade(
    who: SlowPerson,
    doses: list[Dose],
    days: int,
    places: int,
    nodes: tuple[int, int] | None = None,
    stops: tuple[float, ...] = (),
) -> dict[str, list[float]]:
    """Every published series, row 0 before the first dose.

    `places`: the most doses that enter in a day. It settles how many `nodes` there are (before the first dose
    of a day, and after each); where fewer doses enter, peak and trough also look at the day's end.
    """
    nodes = nodes or {1: (4, 12), 2: (4, 8)}.get(places, (4, 6))
    p = who.p
    standard_meal = p["exposure.bioavailability.conventional.standard.value"]
    per_dose = 1e3 * 70 * standard_meal / (24 * p["exposure.clearance.value"])  # ng/mL per mg/kg/d
    course = levels(who, doses, days, nodes, stops)
    taken = np.zeros(days + 1)
    for dose in doses:
        taken[min(int(dose.time_h // 24), days)] += dose.mg

    lab, ck = "laboratory.", "laboratory.ck."
    fractions = {name: 1.0 for name in ("triglycerides", "ldl", "cholesterol", "hdl", "alt", "ast")}
    nutrients = {name: 1.0 for name in (*NUTRIENTS, "homocysteine")}
    half_rise = {"triglycerides": "triglycerides", "alt": "liver", "ast": "liver"}
    sebum = 1.0
    dermatitis, target_before, lowest, hazard = 1.0, 1 - p["dermatitis.regression"], 1.0, 0.0
    cumulative = lasting = spike = running_dose = 0.0
    reaction_begun = False
    share = {name: 0.0 for name in ("cheilitis", "eczema", "tiredness", "back_pain", "joint_or_muscle_pain")}
    onset = math.inf
    if who.uniform.get("liver_reaction", 0.5) > 1 - p[lab + "liver_reaction.probability"]:
        first, last = p[lab + "liver_reaction.first_day"], p[lab + "liver_reaction.last_day"]
        onset = math.floor(first + who.uniform["liver_reaction.onset"] * (last - first))

    def exit_multiplier(stress: float) -> float:
        m = 1 + stress + p["anagen_exit.dermatitis.weight"] * who.severity * dermatitis
        zinc = nutrients["zinc"] * p["nutrients.zinc.baseline"]
        low, full = p["anagen_exit.zinc.threshold"], p["anagen_exit.zinc.full"]
        m += p["anagen_exit.zinc.weight"] * min(max((low - zinc) / (low - full), 0), 1)
        low, full = p["anagen_exit.deficiency.threshold"], p["anagen_exit.deficiency.full"]
        for name in ("vitamin_e", "folate", "vitamin_d", "biotinidase"):
            m += p["anagen_exit.deficiency.weight"] * min(max((low - nutrients[name]) / (low - full), 0), 1)
        m += p["anagen_exit.ferritin.weight"] * max(1 - who.ferritin / p["anagen_exit.ferritin.threshold"], 0)
        return min(m, p["anagen_exit.ceiling"])

    rows: dict[str, list[float]] = {}

    def publish(mean: float, peak: float, trough: float, oxo: float, reaction: float, stress: float, m: float) -> None:
        row = {
            "concentration_mean": mean,
            "concentration_peak": peak,
            "concentration_trough": trough,
            "metabolite_mean": oxo,
            "sebum_fraction": sebum,
            "dermatitis_fraction": dermatitis,
            "dermatitis_relapse_hazard": hazard,
            "liver_reaction": reaction,
            "ck_u_per_l": ck_baseline * (resting + spike),
            "homocysteine_umol_per_l": p["nutrients.homocysteine.baseline"] * nutrients["homocysteine"],
            "anagen_exit": m,
            "retinoid_stress": stress,
        }
        for name in ("triglycerides", "ldl", "cholesterol", "hdl"):
            row[f"{name}_mg_per_dl"] = p[f"{lab}{name}.baseline"] * fractions[name]
        for name in ("alt", "ast"):
            row[f"{name}_u_per_l"] = p[f"{lab}{name}.baseline"] * fractions[name]
        row |= {f"{name}_fraction": nutrients[name] for name in NUTRIENTS}
        row |= share | hair.published()
        shed = row["shed_per_day"]
        row["comb_count_60s"] = p["observation.comb_capture"] * shed
        row["wash_count"] = p["observation.wash_capture"] * shed
        row["pull_test_count"] = p["observation.pull_hairs"] * row["exogen_percent"] / 100
        for name, value in row.items():
            rows.setdefault(name, []).append(float(value))

    ck_baseline = p[ck + ("baseline_men" if who.male else "baseline_women")]
    resting = 1.0
    hair = SlowHair(who, exit_multiplier(0.0))
    publish(0, 0, 0, 0, 0, 0, exit_multiplier(0.0))

    for day in range(days):
        level = course[day]
        on_drug = level.mean > 1

        def over_the_day(effect: np.ndarray, level: LevelOfDay = level) -> tuple[float, float, float]:
            s, weighted = level.from_noon, level.weight * effect
            return float(weighted.sum()), float(weighted @ s), float(weighted @ (s**2 - 1 / 12))

        # sebum: lasting suppression and the choice of speed once a day
        half = p["sebum.half_inhibition_dose"] * per_dose
        mean, moment, bend = over_the_day(p["sebum.maximal_inhibition"] * level.parent / (half + level.parent))
        cumulative += taken[day] / who.weight_kg
        reached = p["sebum.lasting_maximum"] * cumulative / (p["sebum.lasting_half_dose"] + cumulative) * mean
        lasting = max(reached, lasting * math.exp(-p["sebum.lasting_decay_rate"]))
        target = (1 - mean) * (1 - lasting)
        rate = p["sebum.fall_rate"] if target < sebum else p["sebum.rise_rate"]
        sebum = turned_over(sebum, rate, target, -moment * (1 - lasting), -bend * (1 - lasting))

        # dermatitis follows sebum, by the mean of its targets at both ends of the day
        target = sebum ** p["dermatitis.sebum_exponent"] * (1 - p["dermatitis.regression"])
        aim = (target_before + target) / 2
        target_before = target
        dermatitis = aim + (dermatitis - aim) * math.exp(-p["dermatitis.rate"])
        over = dermatitis - p["dermatitis.relapse_threshold"]
        lowest = min(lowest, dermatitis)
        if not on_drug and over > 0 and lowest < p["dermatitis.relapse_threshold"]:  # only what cleared relapses
            hazard += p["dermatitis.relapse_hazard"] * math.exp(p["dermatitis.relapse_steepness"] * over)

        # laboratory
        if onset <= day < onset + 1 and on_drug:
            reaction_begun = True
        running = reaction_begun and day < onset + p[lab + "liver_reaction.duration"]
        reaction = p[lab + "liver_reaction.size"] - 1 if running else 0.0
        for name in fractions:
            half = p[f"{lab}{half_rise.get(name, 'lipids')}.half_rise_dose"] * per_dose
            gain = p[f"{lab}{name}.maximal_rise"] * p.get(f"{lab}{name}.effect_spread", 1.0)
            effect, rate = gain * level.parent / (half + level.parent), p[f"{lab}{name}.rate"]
            if name in ("ldl", "hdl", "cholesterol"):
                mean, moment, bend = over_the_day(effect)
                fractions[name] = turned_over(fractions[name], rate, 1 + mean, moment, bend)
            else:
                extra = reaction if name in ("alt", "ast") else 0.0
                fractions[name] = pulled(fractions[name], rate, level, effect, 1 + extra)
        rate = min(max(p[ck + "exercise_rate"], 1e-6), 0.5)
        spike *= math.exp(-p[ck + "rate"])
        if not who.typical and norm.sf(who.exercise(day)) < rate:
            spread = p[ck + "exercise_size.between"]
            height = p[ck + "exercise_size.value"] * math.exp(spread * who.exercise_size(day))
            spike += height * (1 + p[ck + "dose_factor"] * level.mean / per_dose)
        resting = 1 + 2 * p[ck + "mean_effect"] * level.mean / (0.5 * per_dose + level.mean)

        # nutrients
        reference = p["nutrients.reference_dose"] * per_dose
        shape = power(level.parent, reference, p["nutrients.exponent"], p["nutrients.ceiling"])
        for name in nutrients:
            mean, moment, bend = over_the_day(p[f"nutrients.{name}.effect"] * shape)
            nutrients[name] = turned_over(nutrients[name], p[f"nutrients.{name}.rate"], 1 + mean, moment, bend)

        # side effects
        running_dose += (1 - math.exp(-1 / 7)) * (level.mean / per_dose - running_dose)
        for name in share:
            where = f"side_effects.{name}."
            if where + "share" in p:
                aim = p[where + "share"]
            else:
                logit = p[where + "intercept"] + p[where + "slope"] * math.log(max(running_dose, 1e-9))
                aim = 1 / (1 + math.exp(-logit))
            aim = aim if running_dose > 1e-3 else 0.0
            change = "onset" if aim > share[name] else "offset"
            share[name] = aim + (share[name] - aim) * 0.5 ** (1 / p[f"side_effects.{change}_half_life"])

        # hair
        reference = p["anagen_exit.retinoid.reference_dose"] * per_dose
        mean, _, _ = over_the_day(power(level.parent, reference, p["anagen_exit.retinoid.exponent"], 1e3))
        stress = p["anagen_exit.retinoid.susceptibility"] * mean
        m = exit_multiplier(stress)
        if "anti-androgen" in who.assumed and who.pattern_hair_loss and on_drug:
            m *= p["hypotheses.anti_androgen.factor"]
        hair.next_day(m)

        idle = level.entries < places
        seen = [*level.parent, level.ends] if idle else list(level.parent)
        highest = max(top_of(level.pieces), level.begins, *([level.ends] if idle else []))
        publish(level.mean, highest, min(seen), level.metabolite_mean, reaction, stress, m)
    return rows


# --- hair ----------------------------------------------------------------------------------------------

A, C, T, E, K = slice(0, 4), slice(4, 8), slice(8, 22), slice(22, 23), slice(23, 26)
YOUNG, LENGTH, BORN, SHED = slice(26, 30), slice(30, 53), 53, 54
SIZE = 55


class SlowHair:
    """The chain as one dense matrix a day. `x`: stages (26), anagen hairs below the length cap by stage (4),
    length carried by the stages of the chain (23), and the day's births and sheds."""

    def __init__(self, who: SlowPerson, m: float) -> None:
        p = who.p
        kind = "follicles.pattern_loss." if who.pattern_hair_loss else "follicles."
        self.kenogen_probability, self.kenogen = p[kind + "kenogen_probability"], p[kind + "kenogen_duration"]
        self.p, self.cap = p, round(p["follicles.length_cap.value"] / p["follicles.growth_rate.value"])
        self.unseen_days = round(p["follicles.visible_after.value"])
        self.x = self._steady(m)
        extra = max(m - 1, 0) / p["follicles.anagen_duration"]
        self.spared = 1.0  # of the anagen hairs there at the start, by all extra exit since
        self.day = 0
        # births of day d and the share spared up to that day; before the start, the steady state's
        self.births = {-k: (self.x[BORN], math.exp(extra * k)) for k in range(1, self.cap + 2)}
        self.start = self.x[LENGTH].sum()

    def _generator(self, m: float) -> np.ndarray:
        p = self.p
        mean = p["follicles.anagen_duration"]
        rates = np.concatenate(
            [
                [4 / mean] * 3 + [4 / mean * min(m, 1)],
                [4 / p["follicles.catagen_duration"]] * 4,
                [14 / p["follicles.telogen_duration"]] * 14,
                [1 / p["follicles.exogen_duration"]],
                [3 / self.kenogen] * 3,
            ]
        )
        g = np.zeros((SIZE, SIZE))

        def move(source: int, target: int, rate: float) -> None:
            g[source, source] -= rate
            g[target, source] += rate

        for i in range(26):
            if i == 22:
                move(i, 23, rates[i] * self.kenogen_probability)
                move(i, 0, rates[i] * (1 - self.kenogen_probability))
                g[SHED, i] += rates[i]
                g[BORN, i] += rates[i] * (1 - self.kenogen_probability)
                g[26, i] += rates[i] * (1 - self.kenogen_probability)
            elif i == 25:
                move(i, 0, rates[i])
                g[BORN, i] += rates[i]
                g[26, i] += rates[i]
            else:
                move(i, i + 1, rates[i])
        extra = max(m - 1, 0) / mean
        for i in range(4):
            move(i, 4, extra)
            move(30 + i, 34, extra)
            g[26 + i, 26 + i] -= extra + rates[i]
            if i < 3:
                g[27 + i, 26 + i] += rates[i]
            g[30 + i, 26 + i] += 1.0  # a day of growth a day
        for i in range(23):
            g[30 + i, 30 + i] -= rates[i]
            if i < 22:
                g[31 + i, 30 + i] += rates[i]
        return g

    def _steady(self, m: float) -> np.ndarray:
        """Stages: the null vector of the generator. Young: those below the cap. Lengths: what balances growth."""
        g = self._generator(m)
        stages = np.linalg.svd(g[:26, :26])[2][-1]
        x = np.zeros(SIZE)
        x[:26] = stages / stages.sum()
        born = x[SHED] = x[BORN] = (g[BORN] @ x).item()
        x[SHED] = (g[SHED] @ x).item()
        # Young: integral over ages 0..cap of exp(G age) e_0, by a block exponential.
        young = g[26:30, 26:30]
        block = np.zeros((5, 5))
        block[:4, :4], block[0, 4] = young, 1.0
        x[YOUNG] = born * expm(block * self.cap)[:4, 4]
        x[LENGTH] = -np.linalg.solve(g[30:53, 30:53], g[30:53, 26:30] @ x[YOUNG])
        return x

    def next_day(self, m: float) -> None:
        x, g = self.x, self._generator(m)
        x[BORN] = x[SHED] = 0
        x = x + g @ x + g @ (g @ x) / 2
        self.spared *= math.exp(-max(m - 1, 0) / self.p["follicles.anagen_duration"])
        # Hairs born `cap` days ago, by half a day older at this day's end, stop adding length.
        number, spared_then = self.births.pop(self.day - self.cap)
        expected = 4 / self.p["follicles.anagen_duration"] * (self.cap + 0.5)
        for i in range(4):
            reach = number * self.spared / spared_then * math.exp(-expected) * expected**i / math.factorial(i)
            x[26 + i] -= reach
            x[30 + i] -= reach / 2
        self.births[self.day] = (x[BORN], self.spared)
        self.day += 1
        self.x = x

    def published(self) -> dict[str, float]:
        x, p = self.x, self.p
        unseen = 0.0
        for k in range(1, self.unseen_days + 1):
            number, spared_then = self.births[self.day - k]
            unseen += number * self.spared / spared_then
        anagen, catagen, clubs = x[A].sum(), x[C].sum(), x[T].sum() + x[E].sum()
        hairs = anagen + catagen + clubs
        visible = hairs - unseen
        return {
            "shed_per_day": p["follicles.number"] * x[SHED],
            "broken_per_day": 0.0,
            "telogen_percent": 100 * (catagen + clubs) / visible,
            "club_percent": 100 * clubs / hairs,
            "exogen_percent": 100 * x[22] / visible,
            "anagen_percent": 100 * anagen,
            "density_per_cm2": p["follicles.number"] * visible / p["follicles.scalp_area"],
            "volume_fraction": x[LENGTH].sum() / self.start,
        }
