"""Options and comparisons: what would serve more, and what changed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from briefing.documents import DOCUMENTS
from briefing.documents.tree import Paragraph, Table
from briefing.facts import (
    Count,
    Difference,
    FactTable,
    Label,
    Name,
    Names,
    Quantity,
    Release,
    Subject,
    Supplies,
    Supply,
    Term,
    Terms,
    Time,
    Value,
    facts_of,
)
from briefing.facts.comparison import _difference
from briefing.wording import LANGUAGES, voice
from optimizer.faults import Language
from optimizer.plan.model import Plan, Reason, ReasonKind, Undelivered

WATER = Label("drinking water, pallet of bottles", "eau potable, palette de bouteilles")


def _options(table: FactTable) -> list[dict[str, Value]]:
    (plan,) = table.children(None, "plan")
    return [
        {label: fact.value for label, fact in table.of(part).items()}
        for part in table.children(plan, "option")
    ]


def _with(plan: Plan, **reasons: list[Reason]) -> Plan:
    missing = {entry.demand: entry.quantity for entry in plan.undelivered}
    entries = tuple(
        Undelivered(demand=name, quantity=missing[name], reasons=tuple(told))
        for key, told in reasons.items()
        if (name := key.replace("_", "-"))
    )
    return plan.model_copy(update={"undelivered": entries})


def _observed(code: str, **params: str | int) -> Reason:
    return Reason(kind=ReasonKind.OBSERVED, code=code, params=params, seed=7, budget="9 iterations")


def test_what_was_seen_to_serve_comes_first_then_what_may_then_what_is_needed(
    shortfall: Plan,
) -> None:
    told = [(o["letter"], o["condition"], o["mass"]) for o in _options(facts_of(shortfall))]
    # 3,000 kg of food by either of two limits, which are one option, opening hours first for they
    # are easier to grant than twice the fleet; 6 pallets of water of 756 kg; a pump of 120 kg.
    assert told == [
        (Name("B"), Term("condition.observed.window"), Quantity(3000, "kg")),
        (Name("C"), Term("condition.time_ran_out.time_ran_out"), Quantity(6 * 756, "kg")),
        (Name("D"), Term("condition.proved.unreachable.not_given"), Quantity(120, "kg")),
    ]


def test_limits_that_hold_up_the_same_demands_are_one_option(shortfall: Plan) -> None:
    first = _options(facts_of(shortfall))[0]
    assert first["conditions"] == Terms(
        ("condition.observed.window", "condition.observed.capacity")
    )
    note = DOCUMENTS["decision-note"](facts_of(shortfall))
    (told,) = (s for s in note.statements() if s.claim == "option.any_of")
    text = voice("en", "UTC").say(told).text
    assert text == "Any one of these: keep the sites open throughout, double the fleet"


def test_of_more_than_three_goods_the_two_heaviest_are_named(shortfall: Plan) -> None:
    fleet = [_observed("capacity")]
    three = _with(shortfall, ZUL_food=fleet, ZUL_water=fleet, ILE_pump=fleet)
    (option,) = _options(facts_of(three))
    assert "serves_most" not in option
    demands = three.scenario.demands
    diesel = demands[0].model_copy(update={"id": "more", "good": "diesel_l", "quantity": 100})
    given = three.scenario.model_copy(update={"demands": (*demands, diesel)})
    left = Undelivered(demand="more", quantity=100, reasons=tuple(fleet))
    four = three.model_copy(update={"scenario": given, "undelivered": (*three.undelivered, left)})
    (option,) = _options(facts_of(four))
    # 6 pallets of water of 756 kg, 3,000 kg of food; not a pump of 120 kg or 100 l of diesel.
    assert isinstance(option["serves_most"], Supplies)
    assert [supply.quantity for supply in option["serves_most"].items] == [6, 3000]


def test_demands_that_one_limit_holds_up_are_one_option(shortfall: Plan) -> None:
    plan = _with(
        shortfall,
        ZUL_food=[_observed("stock", good="food_dry_kg", available=8000)],
        ZUL_water=[_observed("stock", good="water_pallet", available=40)],
    )
    (option,) = _options(facts_of(plan))
    assert option["demands"] == Count(2)
    assert option["mass"] == Quantity(3000 + 6 * 756, "kg")
    assert option["serves"] == Supplies(
        (Supply(6, "pallet", WATER),
         Supply(3000, "kg", Label("dry food, relief ration", "vivres secs, ration de secours")))
    )  # fmt: skip
    # 9,000 kg of food are asked for where 8,000 are held; of water there is enough in all.
    assert isinstance(option["short_of"], Supplies)
    assert [supply.quantity for supply in option["short_of"].items] == [1000]


def test_without_a_remedy_that_was_seen_none_is_proposed(shortfall: Plan) -> None:
    reason = Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out")
    plan = _with(shortfall, ZUL_food=[reason], ZUL_water=[reason], ILE_pump=[reason])
    table = facts_of(plan)
    (about,) = table.children(None, "plan")
    assert table.get(about, "best_letter") is None
    note = DOCUMENTS["decision-note"](table)
    claims = [statement.claim for statement in note.statements()]
    assert claims.count("proposal.approve_short") == 2
    # Said twice, in the bottom line and at the end, it is not said in the same words.
    spoken = voice("fr", "UTC")
    twice = [spoken.say(s).text for s in note.statements() if s.claim == "proposal.approve_short"]
    assert twice[0] != twice[1]


def test_one_option_is_not_told_as_several(shortfall: Plan) -> None:
    reason = Reason(kind=ReasonKind.TIME_RAN_OUT, code="time_ran_out")
    plan = _with(shortfall, ZUL_food=[reason], ZUL_water=[reason], ILE_pump=[reason])
    statements = list(DOCUMENTS["decision-note"](facts_of(plan)).statements())
    said = " ".join(voice("fr", "UTC").say(s).text for s in statements)
    assert "Autre option, qui permettrait" in said
    assert "faire étudier l\u2019autre option." in said
    assert not re.search("autres options|chacune", said, re.IGNORECASE)


def test_without_any_option_none_is_to_be_looked_into(shortfall: Plan) -> None:
    bare = shortfall.model_copy(update={"undelivered": ()})
    claims = [s.claim for s in DOCUMENTS["decision-note"](facts_of(bare)).statements()]
    assert claims.count("proposal.approve") == claims.count("proposal.again") == 2


def test_a_plan_that_serves_all_has_no_options(everything: Plan) -> None:
    assert _options(facts_of(everything)) == []
    claims = {s.claim for s in DOCUMENTS["decision-note"](facts_of(everything)).statements()}
    assert {"option.serves_all", "proposal.approve"} <= claims


@pytest.fixture
def compared(shortfall: Plan) -> FactTable:
    """The plan compared with itself without the last convoy and the old bridge's damage."""
    scenario = shortfall.scenario.model_copy(
        update={"changes": shortfall.scenario.changes[1:], "time_contingency": 0.5}
    )
    before = shortfall.model_copy(
        update={
            "id": "P-before",
            "routes": shortfall.routes[:1],
            "scenario": scenario,
            "scenario_digest": "f" * 64,
        }
    )
    return facts_of(shortfall, before=before)


def _comparison(table: FactTable) -> Subject:
    (plan,) = table.children(None, "plan")
    (part,) = table.children(plan, "comparison")
    return part


def test_each_figure_before_and_now(compared: FactTable) -> None:
    figures = {
        part.id: {label: fact.value for label, fact in compared.of(part).items()}
        for part in compared.children(_comparison(compared), "figure")
    }
    # The last convoy brings Bravo 6,000 kg of food, one vehicle in one trip of 40 km, 25 min late.
    assert figures["delivered_kg"]["difference"] == Difference(6000, "kg")
    assert figures["undelivered_kg"]["difference"] == Difference(-6000, "kg")
    assert figures["demands_short"]["difference"] == Difference(-1)
    assert figures["late_demands"]["before"] == Count(0)
    assert figures["late_demands"]["now"] == Count(1)
    assert figures["distance"]["difference"] == Difference(40_000, "m")
    # 40 l a 100 km.
    assert figures["fuel"]["difference"] == Difference(16, "l")
    assert figures["last_back"]["difference"] == Difference(0, "s")
    # Nothing is exposed in either.
    assert "exposure" not in figures


def test_who_is_served_who_goes_and_what_was_asked(compared: FactTable) -> None:
    told = {label: fact.value for label, fact in compared.of(_comparison(compared)).items()}
    (turn,) = compared.children(_comparison(compared), "turn")
    assert turn.id == "served_now"
    (turned,) = compared.children(turn, "turned")
    assert compared.of(turned)["id"].value == Name("BRA-food")
    assert told["convoys_added"] == Names(("C-DEPOT-truck-04",))
    assert told["asked_added"] == Names(("Old bridge",))
    (asked,) = compared.children(_comparison(compared), "asked")
    assert asked.id == "asked.time_contingency"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", ["served_now", "short_now"])
def test_of_many_demands_a_sentence_names_the_most_urgent_and_an_annex_lists_all(
    large: Plan, turn: str, language: Language
) -> None:
    # The first convoy alone: what the others deliver turns.
    less = large.model_copy(update={"id": "P-less", "routes": large.routes[:1]})
    plan, before = (large, less) if turn == "served_now" else (less, large)
    demands = large.scenario.demands
    others = (trip for route in large.routes[1:] for trip in route.trips)
    theirs = {drop.demand for trip in others for stop in trip.stops for drop in stop.drops}
    turned = [d for d in demands if d.id in theirs]
    document = DOCUMENTS["decision-note"](facts_of(plan, before=before))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    values = [row[0][0].facts["value"].value for row in tables[-1].rows]
    listed = [value.text for value in values if isinstance(value, Name)]
    assert sorted(listed) == sorted(d.id for d in turned)
    # By priority, then by quantity: packed meals are all of one weight.
    foremost = sorted(turned, key=lambda d: (d.priority, -d.quantity))[:3]
    assert listed[:3] == [d.id for d in foremost]
    spoken = voice(language, "UTC")
    (told,) = (
        " ".join(spoken.say(one).text for one in block.statements())
        for block in document.blocks
        if isinstance(block, Paragraph)
        and any(one.claim == f"comparison.{turn}.some" for one in block.statements())
    )
    assert told.startswith(str(len(turned)))
    for demand in turned:
        assert demand.id not in told
    # A site of several is named once, where the first of them stands.
    labels = {site.id: site.label for site in large.scenario.sites}
    named = list(dict.fromkeys(labels[demand.site] for demand in foremost))
    assert sorted(named, key=told.index) == named
    assert [told.count(label) for label in labels.values() if label in told] == [1] * len(named)


def _short(shortfall: Plan, demands: int, reasons: tuple[Reason, ...]) -> Plan:
    """The plan with so many more demands for which no vehicle goes, all for the same reasons."""
    (pump,) = (d for d in shortfall.scenario.demands if d.id == "ILE-pump")
    more = tuple(
        pump.model_copy(update={"id": f"more-{n}", "quantity": n}) for n in range(1, demands + 1)
    )
    given = shortfall.scenario.model_copy(update={"demands": (*shortfall.scenario.demands, *more)})
    left = tuple(
        Undelivered(
            demand=demand.id,
            quantity=demand.quantity,
            reasons=tuple(r.model_copy(update={"params": {"site": site.id}}) for r in reasons),
        )
        for demand, site in zip(more, shortfall.scenario.sites, strict=True)
    )
    return shortfall.model_copy(
        update={"scenario": given, "undelivered": (*shortfall.undelivered, *left)}
    )


def _seen(code: str) -> Reason:
    return Reason(kind=ReasonKind.OBSERVED, code=code, seed=7, budget="2000 iterations")


def test_demands_of_which_the_same_is_told_stand_together(shortfall: Plan) -> None:
    # Of several remedies only the names are told, so that their parameters part nothing.
    plan = _short(shortfall, 5, (_seen("capacity"), _seen("window")))
    groups = [fact.value for fact in facts_of(plan) if fact.label == "demands"]
    assert Names(tuple(f"more-{n}" for n in (5, 4, 3, 2, 1))) in groups
    # Of one, what is told may name the site.
    alone = [fact.value for fact in facts_of(_short(shortfall, 5, (_seen("window"),)))]
    assert Names(("more-5",)) in alone


def test_of_many_demands_with_one_reason_the_order_numbers_it_the_note_names_three(
    shortfall: Plan,
) -> None:
    table = facts_of(_short(shortfall, 5, (_seen("capacity"), _seen("window"))))
    spoken = voice("en", "UTC")
    order, note = (
        [spoken.say(one).text for one in DOCUMENTS[kind](table).statements()]
        for kind in ("movement-order", "decision-note")
    )
    assert any(text.startswith("Reason 1 (5\u00a0demands, ") for text in order)
    assert not any("more-5, " in text for text in order)
    start = next(n for n, text in enumerate(note) if text.startswith("5\u00a0demands, "))
    # The three of the most pumps, in their order.
    assert [text[0] for text in note[start + 1 : start + 4]] == ["5", "4", "3"]
    assert "Observed" in note[start + 4]


def test_differences_are_written_with_their_sign() -> None:
    plain = voice("fr", "UTC").writer
    assert plain.write(Difference(-1500, "kg")) == "\u22121\u202f500\u00a0kg"
    assert plain.write(Difference(3)) == "+3"
    assert plain.write(Difference(0, "s")) == "0\u00a0min"
    assert voice("en", "UTC").writer.write(Difference(5400, "s")) == "+1\u00a0h\u00a030\u00a0min"


def test_a_difference_of_times_is_that_of_the_minutes_told() -> None:
    # 0421 and 0632, which a reader subtracts, whatever the seconds: 2 h 11 min.
    was, now = (
        Time(datetime.fromisoformat(f"2026-06-15T{clock}+00:00")) for clock in ("04:21:59", "06:32")
    )
    assert _difference(was, now) == Difference(2 * 3600 + 11 * 60, "s")


def test_a_release_names_a_person_and_a_moment() -> None:
    moment = datetime.fromisoformat("2026-06-15T03:30:00+02:00")
    with pytest.raises(ValueError, match="person"):
        Release("  ", moment)
    with pytest.raises(ValueError, match="offset"):
        Release("Cdt Roca", moment.replace(tzinfo=None))


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_document_carries_its_imprint(everything: Plan, kind: str) -> None:
    """Draft until released; number, version and plan at the foot; what it cancels at the top."""
    spoken = voice("fr", "UTC")
    draft = DOCUMENTS[kind](facts_of(everything))
    foot = [spoken.say(one).text for one in draft.running]
    assert foot[0] == "PROJET"
    assert foot[2] == "n°\u00a012/2026, version 2"
    assert foot[3] == f"plan {everything.id}"
    text = " ".join(spoken.say(one).text for one in draft.statements())
    assert "PROJET\u202f:" in text
    assert "Annule et remplace\u202f: movement order 11/2026." in text
    assert draft.marking
    assert not draft.released
    moment = everything.provenance.created + timedelta(hours=1)
    signed = DOCUMENTS[kind](facts_of(everything, release=Release("Cdt Roca", moment)))
    assert signed.released
    text = " ".join(spoken.say(one).text for one in signed.statements())
    assert "PROJET" not in text
    assert "Validé par Cdt Roca le 141730ZJUN26." in text
