"""The start page."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.components.shell import shell
from dashboard.components.states import empty
from dashboard.i18n import Words
from dashboard.viewmodels.gallery import Choice, Continued

__all__ = ["start_page"]


def start_page(words: Words, choices: Sequence[Choice], works: Sequence[Continued]) -> Component:
    """Return the start page.

    Parameters
    ----------
    words : Words
        Language.
    choices : sequence of Choice
        Bundled scenarios.
    works : sequence of Continued
        Works that can be continued.

    Returns
    -------
    Component
        The page.
    """
    lead = html.Header(
        [html.H1(words("start.title")), html.P(words("start.lead"))], className="start-lead"
    )
    begin = html.Section(
        [
            html.H2(words("start.begin")),
            html.Div([_card(choice, words) for choice in choices], className="cards"),
            html.H2(words("start.open")),
            _upload(words),
            html.Div(id=ids.OPEN_FAULTS, role="alert"),
        ]
    )
    go_on = html.Section([html.H2(words("start.continue")), _works(works, words)])
    body = html.Div([begin, go_on], className="start-columns")
    return shell(
        words, [html.Div([lead, body], className="start", **named({"data-testid": "start"}))]
    )


def _card(choice: Choice, words: Words) -> Component:
    figures = [html.Div([html.Dt(label), html.Dd(value)]) for label, value in choice.figures]
    note = [html.Small(words("start.illustrative"), className="tag")]
    return html.Button(
        [
            html.Div([html.Strong(choice.title), *(note if choice.illustrative else [])]),
            html.P(choice.says),
            html.Dl(figures),
            html.Span([words("start.use"), icon("play", 12)], className="card-action"),
        ],
        id={"type": "begin", "name": choice.name},
        className="card",
        type="button",
        **named({"data-testid": f"begin-{choice.name}"}),
    )


def _upload(words: Words) -> Component:
    says = html.Div([html.Strong(words("start.drop")), html.Small(words("start.drop_says"))])
    upload = dcc.Upload(
        [icon("upload", 20), says],
        id=ids.UPLOAD,
        multiple=False,
        className="drop-here",
        className_active="drop-here is-over",
    )
    # Beside it, not in it: what takes files is fetched late, and would be replaced under the focus.
    choose = dmc.Button(
        words("start.choose"), variant="default", size="xs", **named({"data-choose": "true"})
    )
    # The input inside has no label of its own; a script gives it this one.
    label = named({"data-file-label": words("start.choose")})
    return html.Div([upload, choose], className="drop", **label)


def _works(works: Sequence[Continued], words: Words) -> Component:
    if not works:
        return empty("clock", words("start.no_work"), words("start.no_work_says"))
    return html.Ul([_work(work) for work in works], className="works")


def _work(work: Continued) -> Component:
    return html.Li(
        dcc.Link(
            [
                html.Span(className=f"dot is-{work.tone}"),
                html.Div([html.Strong(work.title), html.Small(work.state)]),
                html.Span(work.when, className="when"),
            ],
            href=f"/work/{work.id}",
        ),
        **named({"data-testid": f"work-{work.id}"}),
    )
