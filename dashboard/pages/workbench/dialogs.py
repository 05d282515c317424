"""The dialogs of the workbench: plan, export, what the verifier says."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.attributes import named
from dashboard.components.icons import icon
from dashboard.i18n import Words
from optimizer.scenario.model import Objective

__all__ = ["FORMS", "export_dialog", "objective_rows", "plan_dialog", "verdict_dialog"]

FORMS = {"pdf": "PDF", "html": "HTML", "md": "Markdown"}
DATA = ("geojson", "plan", "scenario")


def plan_dialog(words: Words) -> Component:
    """Return the dialog in which a plan is asked for.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Component
        The dialog, closed.
    """
    budget = html.Div(
        [
            dmc.SegmentedControl(
                id=ids.PLAN_BUDGET,
                data=[
                    {"value": "seconds", "label": words("plan.seconds")},
                    {"value": "iterations", "label": words("plan.iterations")},
                ],
                value="seconds",
                size="sm",
                **named({"aria-label": words("plan.budget")}),
            ),
            dmc.NumberInput(
                id=ids.PLAN_AMOUNT,
                value=30,
                min=1,
                max=100_000,
                allowDecimal=False,
                size="sm",
                w=120,
                **named({"aria-label": words("plan.amount"), "data-testid": "plan-amount"}),
            ),
            dmc.NumberInput(
                id=ids.PLAN_SEED,
                value=1,
                min=0,
                max=2**31 - 1,
                allowDecimal=False,
                size="sm",
                w=110,
                prefix=words("plan.seed_prefix"),
                **named({"aria-label": words("plan.seed")}),
            ),
        ],
        className="row",
    )
    body = [
        html.H3(words("plan.budget")),
        budget,
        html.P(words("plan.budget_says"), className="says"),
        html.H3(words("plan.objectives")),
        html.P(words("plan.objectives_says"), className="says"),
        html.Ol(id=ids.OBJECTIVES_LIST, className="objectives"),
        html.Div(id=ids.PLAN_FAULTS, role="alert"),
        html.Div(
            dmc.Button(
                words("plan.start"),
                id=ids.PLAN_START,
                leftSection=icon("play", 14),
                **named({"data-testid": "plan-start", "data-autofocus": "true"}),
            ),
            className="dialog-foot",
        ),
    ]
    return dmc.Modal(
        body,
        id=ids.PLAN_MODAL,
        title=words("plan.title"),
        size=460,
        keepMounted=True,
        closeButtonProps=named({"aria-label": words("shell.close")}),
    )


def objective_rows(order: Sequence[Objective], words: Words) -> list[Component]:
    """Return the objectives in order, each with buttons that move it.

    Parameters
    ----------
    order : sequence of Objective
        The most important first.
    words : Words
        Language.

    Returns
    -------
    list of Component
        A line each.
    """
    return [
        html.Li(
            [
                html.Span(str(i + 1), className="rank"),
                html.Span(words(f"objective.{one.value}")),
                *(
                    (
                        _mover("up", i, one, words, disabled=i == 1),
                        _mover("down", i, one, words, disabled=i == len(order) - 1),
                    )
                    # A plan is for what it delivers: no scenario may put anything before that.
                    if i
                    else (html.Small(words("plan.first")),)
                ),
            ]
        )
        for i, one in enumerate(order)
    ]


def _mover(way: str, at: int, one: Objective, words: Words, *, disabled: bool) -> Component:
    return dmc.ActionIcon(
        icon(way, 14),
        variant="subtle",
        color="gray",
        size="sm",
        disabled=disabled,
        **named(
            {
                "aria-label": words(f"plan.{way}", objective=words(f"objective.{one.value}")),
                "data-store": ids.OBJECTIVE_MOVE,
                "data-value": f"{way}:{at}",
            }
        ),
    )


def export_dialog(words: Words, documents: Sequence[str]) -> Component:
    """Return the dialog in which files are asked for.

    Parameters
    ----------
    words : Words
        Language.
    documents : sequence of str
        Kinds of documents.

    Returns
    -------
    Component
        The dialog, closed.
    """
    rows = [
        html.Li(
            [
                html.Span([icon("document"), words(f"document.{kind}")]),
                *(_ask(kind, form, label) for form, label in FORMS.items()),
            ]
        )
        for kind in documents
    ]
    data = [_ask("data", kind, words(f"export.{kind}")) for kind in DATA]
    body = [
        html.Div(
            [
                html.H3(words("export.documents")),
                dmc.SegmentedControl(
                    id=ids.EXPORT_LANGUAGE,
                    data=[
                        {"value": "fr", "label": "Français"},
                        {"value": "en", "label": "English"},
                    ],
                    value=words.language,
                    size="xs",
                    **named({"aria-label": words("export.language")}),
                ),
            ],
            className="row is-apart",
        ),
        html.Div(id=ids.EXPORT_NOTE, role="status"),
        html.P(words("export.draft"), className="says"),
        html.Ul(rows, className="export-kinds"),
        html.H3(words("export.data")),
        html.Div(data, className="row"),
        html.Div(id=ids.EXPORT_LIST, className="export-list", role="status"),
    ]
    return dmc.Modal(
        body,
        id=ids.EXPORT_MODAL,
        title=words("export.title"),
        size=560,
        keepMounted=True,
        closeButtonProps=named({"aria-label": words("shell.close")}),
    )


def _ask(kind: str, form: str, label: str) -> Component:
    return dmc.Button(
        label,
        id={"type": "export", "kind": kind, "form": form},
        variant="default",
        size="xs",
        **named({"data-testid": f"export-{kind}-{form}"}),
    )


def verdict_dialog(words: Words) -> Component:
    """Return the dialog that shows what the verifier says.

    Parameters
    ----------
    words : Words
        Language.

    Returns
    -------
    Component
        The dialog, closed.
    """
    return dmc.Modal(
        [html.P(words("verdict.says"), className="says"), html.Div(id=ids.VERDICT_LIST)],
        id="verdict-modal",
        title=words("verdict.title"),
        closeButtonProps=named({"aria-label": words("shell.close")}),
        size="lg",
    )
