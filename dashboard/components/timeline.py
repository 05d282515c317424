"""The timeline of convoys, made of boxes; every row can be reached by keyboard."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.i18n import Words
from dashboard.viewmodels.timeline import Bar, Doing, Lane, Tick, Timeline, Window

__all__ = ["timeline"]

#: In the order of the legend, which explains what there is to be seen.
_DOING: tuple[Doing, ...] = ("loading", "driving", "flying", "sailing", "waiting", "handling")
#: What is done in every plan, or may be in the next.
_ALWAYS = {"loading", "waiting", "handling"}


def timeline(view: Timeline, words: Words) -> list[Component]:
    """Return the timeline.

    Parameters
    ----------
    view : Timeline
        What it shows.
    words : Words
        Words of the legend.

    Returns
    -------
    list of Component
        Legend, hours, and a lane for each convoy.
    """
    done = _ALWAYS | {bar.doing for lane in view.lanes for bar in lane.bars}
    marks = [
        html.Span([html.Span(className=f"bar is-{doing}"), words(f"timeline.legend_{doing}")])
        for doing in _DOING
        if doing in done
    ]
    window = html.Span([html.Span(className="window"), words("timeline.legend_window")])
    hours = html.Div([_tick(tick) for tick in view.ticks], className="timeline-hours")
    # The hours scroll with the lanes, so that both are equally wide.
    lanes = [
        html.Div(hours, className="timeline-head"),
        *(_lane(lane, view.ticks) for lane in view.lanes),
    ]
    return [
        html.Div([*marks, window], className="timeline-legend"),
        html.Div(lanes, className="lanes"),
    ]


def _tick(tick: Tick) -> Component:
    return html.Span(
        tick.label,
        className=f"tick{' is-day' if tick.day else ''}",
        style={"left": f"{tick.left}%"},
    )


def _lane(lane: Lane, ticks: tuple[Tick, ...]) -> Component:
    select = named({"data-select": f"convoy:{lane.convoy}"})
    grid = [html.I(style={"left": f"{tick.left}%"}) for tick in ticks]
    return html.Div(
        [
            html.Button(
                [lane.convoy, *([html.Small(lane.name)] if lane.name else [])],
                className="lane-name",
                title=", ".join(filter(None, (lane.convoy, lane.name))),
                type="button",
                **select,
                **named({"aria-label": lane.told}),
            ),
            html.Div(
                [*grid, *(_window(w) for w in lane.windows), *(_bar(bar) for bar in lane.bars)],
                className="lane-track",
            ),
        ],
        className="lane",
        **select,
        **named({"data-testid": f"lane-{lane.convoy}"}),
    )


def _window(window: Window) -> Component:
    return html.B(style={"left": f"{window.left}%", "width": f"{window.width}%"})


def _bar(bar: Bar) -> Component:
    return html.Span(
        className=f"bar is-{bar.doing}",
        title=bar.told,
        style={"left": f"{bar.left}%", "width": f"{bar.width}%"},
    )
