"""Critical roads as text: a table for people, JSON, GeoJSON and CSV for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from optimizer.units import to_mgrs

if TYPE_CHECKING:
    from optimizer.faults import Language
    from optimizer.network.answers.critical import Critical, Loss
    from optimizer.network.critical.ask import Answer
    from optimizer.network.state.roads import Roads
    from optimizer.scenario.convoys import Profile
    from optimizer.scenario.model import Scenario
    from optimizer.terrain.theatre import Theatre

__all__ = ["FORMAT", "csv_text", "document", "geojson", "table"]

FORMAT = "convoi/critical/1"
#: Digits of an MGRS reference: ten metres, about the width of a road.
_MGRS = 4
_SHOWN_CONVOYS = 4
_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "head": "{scenario}: what it costs to lose one road or bridge, by time",
        "who": "{classes} ({number} convoys: {convoys})",
        "who_one": "{classes} (convoy {convoys})",
        "asked": "pairs of {sites} sites with a way: {pairs}; edges of roads closed, each alone:"
        " {closed}; bridges among them: {bridges}",
        "columns": "{:>4}{:>9}{:>10}{:>15}{:>10}  {}".format(
            "", "cut off", "slower", "lost in all", "most", "road"
        ),
        "bridge": "bridge",
        "edges": "{number} edges",
        "most": "{origin} to {destination}",
        "nothing": "none of them costs any pair anything",
        "shown": "{shown} of {number} roads that cost something; all in a file or with --json",
        "limits": "load class {load_class:g}|{gross_weight_t:g} t|{height_m:g} m high"
        "|{width_m:g} m wide",
    },
    "fr": {
        "head": "{scenario} : ce que coûte la perte d'une route ou d'un pont, en temps",
        "who": "{classes} ({number} convois : {convoys})",
        "who_one": "{classes} (convoi {convoys})",
        "asked": "couples ayant un chemin, entre {sites} sites : {pairs} ; tronçons de route"
        " fermés, chacun seul : {closed}, dont ponts : {bridges}",
        "columns": "{:>4}{:>9}{:>10}{:>15}{:>10}  {}".format(
            "", "coupés", "ralentis", "perdu en tout", "au plus", "route"
        ),
        "bridge": "pont",
        "edges": "{number} tronçons",
        "most": "{origin} vers {destination}",
        "nothing": "aucun ne coûte quoi que ce soit",
        "shown": "{shown} des {number} routes qui coûtent ; toutes dans un fichier ou avec --json",
        "limits": "classe MLC {load_class:g}|{gross_weight_t:g} t|{height_m:g} m de haut"
        "|{width_m:g} m de large",
    },
}
_LIMITS = ("load_class", "gross_weight_t", "height_m", "width_m")


def table(
    answers: Sequence[Answer],
    scenario: Scenario,
    roads: Roads,
    theatre: Theatre,
    *,
    most: int,
    lang: Language,
) -> str:
    """Return everything as tables for a terminal.

    Parameters
    ----------
    answers : sequence of Answer
        From `optimizer.network.critical.ask.ask`.
    scenario : Scenario
        Scenario that was asked of.
    roads : Roads
        Its roads.
    theatre : Theatre
        Its theatre.
    most : int
        How many roads are shown of each answer.
    lang : {"en", "fr"}
        Language.

    Returns
    -------
    str
        Lines.
    """
    words = _WORDS[lang]
    lines = [words["head"].format(scenario=scenario.id)]
    for answer in answers:
        found = answer.critical
        lines += [
            "",
            _who(answer, words),
            *(_limits(profile, words, lang) for profile in answer.profiles),
            words["asked"].format(
                pairs=found.joined,
                sites=len(found.sites),
                closed=len(found.closed),
                bridges=int(roads.bridge[list(found.closed)].sum()),
            ),
        ]
        if not found.losses:
            lines.append(words["nothing"])
            continue
        lines.append(words["columns"])
        for rank, loss in enumerate(found.losses[:most], 1):
            lines.append(
                f"{rank:>4}{loss.cut_off:>9}{loss.slower:>10}{_clock(loss.lost_s.sum()):>15}"
                f"{_clock(loss.lost_s.max()):>10}  {_road(loss, roads, theatre, words, lang)}"
            )
            if loss.slower:
                pair = loss.pairs[loss.lost_s.argmax()]
                origin, destination = (found.sites[site] for site in pair)
                lines[-1] += f"; {words['most'].format(origin=origin, destination=destination)}"
        if len(found.losses) > most:
            lines.append(words["shown"].format(shown=most, number=len(found.losses)))
    return "\n".join(lines)


def document(
    answers: Sequence[Answer],
    scenario: Scenario,
    roads: Roads,
    theatre: Theatre,
    most: int | None = None,
) -> dict[str, Any]:
    """Return everything as a document of JSON types.

    Parameters
    ----------
    answers : sequence of Answer
        From `optimizer.network.critical.ask.ask`.
    scenario : Scenario
        Scenario that was asked of.
    roads : Roads
        Its roads.
    theatre : Theatre
        Its theatre.
    most : int, optional
        How many roads of each answer; by default all.

    Returns
    -------
    dict
        Document; null is the time of a pair without a way.
    """
    return {
        "format": FORMAT,
        "scenario": scenario.id,
        "theatre": theatre.manifest.name,
        "sites": [site.id for site in scenario.sites],
        "answers": [
            {
                "convoys": list(answer.convoys),
                "profiles": [profile.model_dump(mode="json") for profile in answer.profiles],
                "pairs": answer.critical.joined,
                "closed": [roads.id[edge] for edge in answer.critical.closed],
                "losses": [
                    {
                        "edges": [roads.id[edge] for edge in loss.edges],
                        "bridges": [roads.id[edge] for edge in loss.edges if roads.bridge[edge]],
                        "cut_off": loss.cut_off,
                        "slower": loss.slower,
                        "lost_s": int(loss.lost_s.sum()),
                        "pairs": list(_pairs(answer.critical, loss)),
                    }
                    for loss in answer.critical.losses[:most]
                ],
            }
            for answer in answers
        ],
    }


def geojson(
    answers: Sequence[Answer], roads: Roads, theatre: Theatre, most: int | None = None
) -> str:
    """Return the roads of all answers as GeoJSON.

    Parameters
    ----------
    answers : sequence of Answer
        From `optimizer.network.critical.ask.ask`.
    roads : Roads
        Roads.
    theatre : Theatre
        Theatre.
    most : int, optional
        How many roads of each answer; by default all.

    Returns
    -------
    str
        A collection of features, longitudes first.
    """
    import pandas as pd  # noqa: PLC0415 - half a second

    from optimizer.network.answers.frames import losses_frame  # noqa: PLC0415 - likewise

    frames = [losses_frame(_worst(answer, most), roads, theatre) for answer in answers]
    return str(pd.concat(frames).to_json(drop_id=True, ensure_ascii=False)) + "\n"


def csv_text(answers: Sequence[Answer], roads: Roads, most: int | None = None) -> str:
    """Return what each pair loses with each road as CSV.

    Parameters
    ----------
    answers : sequence of Answer
        From `optimizer.network.critical.ask.ask`.
    roads : Roads
        Roads.
    most : int, optional
        How many roads of each answer; by default all.

    Returns
    -------
    str
        Text with a row of headings.
    """
    import pandas as pd  # noqa: PLC0415 - as above

    from optimizer.network.answers.frames import loss_pairs_frame  # noqa: PLC0415

    frames = [loss_pairs_frame(_worst(answer, most), roads) for answer in answers]
    return str(pd.concat(frames).to_csv(index=False, lineterminator="\n"))


def _worst(answer: Answer, most: int | None) -> Critical:
    return replace(answer.critical, losses=answer.critical.losses[:most])


def _pairs(critical: Critical, loss: Loss) -> Iterator[dict[str, Any]]:
    for pair, before, after in zip(
        loss.pairs.tolist(), loss.before_s.tolist(), loss.after_s.tolist(), strict=True
    ):
        yield {
            "origin": critical.sites[pair[0]],
            "destination": critical.sites[pair[1]],
            "before_s": before,
            "after_s": None if after < 0 else after,
        }


def _who(answer: Answer, words: Mapping[str, str]) -> str:
    shown = ", ".join(answer.convoys[:_SHOWN_CONVOYS])
    more = ", ..." if len(answer.convoys) > _SHOWN_CONVOYS else ""
    return words["who" if len(answer.convoys) > 1 else "who_one"].format(
        classes=" + ".join(answer.critical.profile.mobility),
        number=len(answer.convoys),
        convoys=shown + more,
    )


def _limits(profile: Profile, words: Mapping[str, str], lang: Language) -> str:
    parts = zip(_LIMITS, words["limits"].split("|"), strict=True)
    values = profile.model_dump()
    told = [text.format(**values) for name, text in parts if values[name] is not None]
    return "  " + _number(", ".join(told), lang) if told else "  -"


def _road(
    loss: Loss, roads: Roads, theatre: Theatre, words: Mapping[str, str], lang: Language
) -> str:
    """Return what a stretch of road is called and where it lies: by its bridge if it has one."""
    bridges = [edge for edge in loss.edges if roads.bridge[edge]]
    edge = (bridges or loss.edges)[0]
    middle = roads.line[edge].interpolate(0.5, normalized=True)
    parts = [roads.id[edge], words["bridge"] if bridges else "", str(roads.highway[edge])]
    row = theatre.frame("roads").iloc[edge]
    parts += [str(row[name]) for name in ("ref", "name") if row.get(name)]
    told = " ".join(filter(None, parts))
    if len(loss.edges) > 1:
        length_km = _number(f"{roads.length_m[list(loss.edges)].sum() / 1000:.1f}", lang)
        told += f" ({words['edges'].format(number=len(loss.edges))}, {length_km} km)"
    return f"{told}, {to_mgrs(*theatre.to_earth.transform(middle.x, middle.y), _MGRS)}"


def _clock(time_s: float) -> str:
    if not time_s:
        return "-"
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _number(text: str, lang: Language) -> str:
    return text.replace(".", ",") if lang == "fr" else text
