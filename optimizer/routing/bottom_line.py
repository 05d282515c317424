"""What a plan comes to, in a few lines of plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from optimizer.faults import Language
from optimizer.plan.model import Plan, Reason, ReasonKind, Undelivered
from optimizer.scenario.convoys import goods_of

__all__ = ["bottom_line"]

#: Undelivered demands that are named one by one.
_NAMED = 8

_WORDS: Mapping[str, Mapping[Language, str]] = {
    "delivered": {
        "en": "Delivered: {share} of {demanded} t.",
        "fr": "Livré : {share} de {demanded} t.",
    },
    "priority": {
        "en": "Undelivered of priority {priority}: {mass} t.",
        "fr": "Non livré en priorité {priority} : {mass} t.",
    },
    "demand": {
        "en": "  {demand}: {quantity} {good} for {site} — {reason}.",
        "fr": "  {demand} : {quantity} {good} pour {site} — {reason}.",
    },
    "more": {"en": "  and {count} more.", "fr": "  et {count} de plus."},
    "moves": {
        "en": "On the road: {convoys}, {vehicles}, {trips}, {distance} km.",
        "fr": "En route : {convoys}, {vehicles}, {trips}, {distance} km.",
    },
    "nobody": {"en": "No convoy moves.", "fr": "Aucun convoi ne part."},
    "late": {
        "en": "Lateness: {minutes} min in all.",
        "fr": "Retard : {minutes} min au total.",
    },
    "finish": {
        "en": "Last convoy back: {time} ({zone}).",
        "fr": "Retour du dernier convoi : {time} ({zone}).",
    },
    "fuel": {"en": "Fuel: {fuel}.", "fr": "Carburant : {fuel}."},
    "stopped": {
        "en": "Stopped when asked to; this is the best plan found until then.",
        "fr": "Arrêté à la demande ; voici le meilleur plan trouvé jusque-là.",
    },
}

#: One and many of what is counted.
_COUNTED: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "convoys": {"en": ("convoy", "convoys"), "fr": ("convoi", "convois")},
    "vehicles": {"en": ("vehicle", "vehicles"), "fr": ("véhicule", "véhicules")},
    "trips": {"en": ("trip", "trips"), "fr": ("rotation", "rotations")},
}

_REASONS: Mapping[str, Mapping[Language, str]] = {
    "unreachable": {"en": "no convoy can get there", "fr": "aucun convoi ne peut y accéder"},
    "not_allowed": {
        "en": "no convoy that can get there is allowed to",
        "fr": "aucun convoi pouvant y accéder n'y est admis",
    },
    "compartment": {
        "en": "no vehicle has a compartment for it",
        "fr": "aucun véhicule n'a de compartiment adapté",
    },
    "unit_too_large": {
        "en": "one unit fits into no compartment",
        "fr": "une unité n'entre dans aucun compartiment",
    },
    "stock": {"en": "too little in stock", "fr": "stock insuffisant"},
    "window": {"en": "the time windows", "fr": "les créneaux horaires"},
    "range": {"en": "the range on one filling", "fr": "l'autonomie"},
    "shift": {"en": "the length of a shift", "fr": "la durée du service"},
    "fuel": {"en": "too little fuel", "fr": "carburant insuffisant"},
    "capacity": {"en": "too few vehicles", "fr": "trop peu de véhicules"},
    "apart": {
        "en": "what may not travel together",
        "fr": "les incompatibilités de chargement",
    },
    "dock": {
        "en": "too few places to load and unload",
        "fr": "trop peu de places de chargement et de déchargement",
    },
    "time_ran_out": {
        "en": "not served within the time given",
        "fr": "non servi dans le temps imparti",
    },
}
_KINDS: Mapping[ReasonKind, Mapping[Language, str]] = {
    ReasonKind.PROVED: {"en": "proved: {reason}", "fr": "prouvé : {reason}"},
    ReasonKind.OBSERVED: {"en": "observed: {reason}", "fr": "observé : {reason}"},
    ReasonKind.TIME_RAN_OUT: {"en": "{reason}", "fr": "{reason}"},
}


def bottom_line(plan: Plan, language: Language = "en") -> Iterator[str]:
    """Tell what a plan comes to.

    Parameters
    ----------
    plan : Plan
        Plan.
    language : {"en", "fr"}
        Language of the words.

    Yields
    ------
    str
        One line.
    """

    def say(key: str, **values: str | int) -> str:
        return _WORDS[key][language].format_map(values)

    metrics = plan.metrics
    share = metrics.delivered_kg / metrics.demanded_kg if metrics.demanded_kg else 1.0
    percent = _number(_tenths(share), language) + (" %" if language == "fr" else "%")
    if plan.provenance.stopped_by == "asked":
        yield say("stopped")
    yield say("delivered", share=percent, demanded=_tonnes(metrics.demanded_kg, language))
    yield from _undelivered(plan, language)
    if not metrics.convoys:
        yield say("nobody")
        return
    yield say(
        "moves",
        convoys=_counted(metrics.convoys, "convoys", language),
        vehicles=_counted(metrics.vehicles, "vehicles", language),
        trips=_counted(metrics.trips, "trips", language),
        distance=round(metrics.distance_m / 1000),
    )
    if metrics.lateness_s:
        yield say("late", minutes=-(-metrics.lateness_s // 60))
    if metrics.finish is not None:
        zone = plan.scenario.display_zone
        local = metrics.finish.astimezone(ZoneInfo(zone))
        yield say("finish", time=f"{local:%Y-%m-%d %H:%M}", zone=zone)
    if metrics.fuel_l:
        goods = goods_of(plan.scenario)
        fuel = ", ".join(
            f"{goods[name].label_fr if language == 'fr' else goods[name].label_en} {litres} l"
            for name, litres in metrics.fuel_l.items()
        )
        yield say("fuel", fuel=fuel)


def _counted(count: int, what: str, language: Language) -> str:
    one, many = _COUNTED[what][language]
    # French counts from two up as many, English everything but one.
    single = count < 2 if language == "fr" else count == 1  # noqa: PLR2004
    return f"{count} {one if single else many}"


def _undelivered(plan: Plan, language: Language) -> Iterator[str]:
    demands = {demand.id: demand for demand in plan.scenario.demands}
    goods = goods_of(plan.scenario)

    def rank(item: Undelivered) -> tuple[int, float]:
        demand = demands[item.demand]
        return demand.priority, -item.quantity * goods[demand.good].unit_mass_kg

    left = sorted(plan.undelivered, key=rank)
    shown = left[:_NAMED]
    for priority, kg in plan.metrics.undelivered_kg_by_priority.items():
        if kg:
            mass = _tonnes(kg, language)
            yield _WORDS["priority"][language].format(priority=priority, mass=mass)
        for item in shown:
            demand = demands[item.demand]
            if demand.priority == priority:
                good = goods[demand.good]
                yield _WORDS["demand"][language].format(
                    demand=demand.id,
                    quantity=item.quantity,
                    good=good.label_fr if language == "fr" else good.label_en,
                    site=demand.site,
                    reason=_reason(item.reasons[0], language),
                )
    if len(left) > len(shown):
        yield _WORDS["more"][language].format(count=len(left) - len(shown))


def _reason(reason: Reason, language: Language) -> str:
    words = _REASONS.get(reason.code, {}).get(language, reason.code)
    return _KINDS[reason.kind][language].format(reason=words)


def _tonnes(kg: float, language: Language) -> str:
    return _number(round(kg / 1000, 1 if kg >= 1000 else 3), language)  # noqa: PLR2004 - a tonne


def _tenths(share: float) -> float:
    """Return a share in percent, rounded to a tenth: 99.96 % is not all, nor 0.04 % nothing."""
    percent = round(100 * share, 1)
    if 0 < share < 1:
        percent = min(max(percent, 0.1), 99.9)
    return percent


def _number(value: float, language: Language) -> str:
    text = f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"  # noqa: PLR2004 - before exponents
    return text.replace(".", ",") if language == "fr" else text
