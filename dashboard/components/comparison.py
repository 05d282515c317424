"""Two plans beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.attributes import named
from dashboard.components.states import empty
from dashboard.components.tale import tale
from dashboard.i18n import Words
from dashboard.viewmodels.comparison import Comparison, Difference
from dashboard.viewmodels.remarks import Remark
from dashboard.viewmodels.tale import Piece

__all__ = ["comparison"]

_MARKS = {"better": "✓", "worse": "✕", "same": ""}
#: So many changes are read at a glance; more are opened by whom they interest.
_FEW = 8
_SUBJECTS = ("scenario", "demand", "convoy")


def comparison(view: Comparison, said: Sequence[Piece], words: Words) -> list[Component]:
    """Return what changed between two plans.

    Parameters
    ----------
    view : Comparison
        What changed.
    said : sequence of Piece
        The same in the words of the documents, as far as those go into it.
    words : Words
        Words.

    Returns
    -------
    list of Component
        The table of figures, what it comes to, then each change: what was asked, what is
        delivered, how it goes.
    """
    head = html.Tr(
        [html.Th(words(f"compare.{c}")) for c in ("figure", "before", "after", "change")]
    )
    rows = [_row(figure, words) for figure in view.figures]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="compare-table")
    if not view.remarks:
        return [table, empty("compare", words("compare.same"), words("compare.same_says"))]
    groups = [_group(s, [r for r in view.remarks if r.subject == s], words) for s in _SUBJECTS]
    # Of a plan that is still being improved the documents say nothing yet.
    told = [html.Div(tale(said), className="tale is-within")] if said else []
    return [table, *told, *(group for group in groups if group is not None)]


def _row(figure: Difference, words: Words) -> Component:
    mark = html.Span(_MARKS[figure.better], **named({"aria-hidden": "true"}))
    told = words(f"compare.{figure.better}")
    return html.Tr(
        [
            html.Th(figure.label, scope="row"),
            html.Td(figure.before),
            html.Td(figure.after),
            html.Td([mark, " ", figure.change], title=told),
        ],
        className=f"is-{figure.better}",
    )


def _group(subject: str, remarks: Sequence[Remark], words: Words) -> Component | None:
    if not remarks:
        return None
    items = [
        html.Li(
            html.Button(
                [remark.text, *_detail(remark)],
                type="button",
                className="link",
                **named({"data-select": remark.place} if remark.place else {}),
            )
        )
        for remark in remarks
    ]
    title = words(f"compare.heading_{subject}", number=len(remarks))
    return html.Details(
        [html.Summary(title), html.Ul(items)],
        className="compare-group",
        open=len(remarks) <= _FEW,
    )


def _detail(remark: Remark) -> list[Any]:
    """Return the id, for who looks for it in a file; the line says the rest."""
    return [" ", html.Small(remark.detail, className="detail")] if remark.detail else []
