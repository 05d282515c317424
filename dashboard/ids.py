"""Names of what callbacks read and write; those of the map are in ``dashboard.map.ids``."""

from __future__ import annotations

# Everywhere.
URL = "url"
LANGUAGE = "language"
ROUTE = "route"
PAGE = "page"
OOPS = "oops"
LOST = "lost"
SWITCH_LANGUAGE = "switch-language"
HELP = "help"
HELP_OPEN = "help-open"

# Start.
UPLOAD = "upload"
OPEN_FAULTS = "open-faults"

# Workbench.
SHOWN = "shown"
RELATED = "related"
SENTENCE = "sentence"
FIGURES = "figures"
TIMELINE = "timeline"
ROUTES = "routes"
BRIEFING = "briefing"
BRIEFING_KIND = "briefing-kind"
BRIEFING_LANGUAGE = "briefing-language"
SHORTFALL = "shortfall"
SHORTFALL_COUNT = "shortfall-count"
INSPECTOR = "inspector"
VERDICT = "verdict"
VERDICT_TICK = "verdict-tick"
VERDICT_OPEN = "verdict-open"
VERDICT_LIST = "verdict-list"
BANNER = "banner"

# Planning.
PLAN_OPEN = "plan-open"
PLAN_MODAL = "plan-modal"
PLAN_BUDGET = "plan-budget"
PLAN_AMOUNT = "plan-amount"
PLAN_SEED = "plan-seed"
PLAN_START = "plan-start"
PLAN_FAULTS = "plan-faults"
OBJECTIVES = "objectives"
OBJECTIVE_MOVE = "objective-move"
OBJECTIVES_LIST = "objectives-list"
SOLVE = "solve"
SOLVE_TICK = "solve-tick"
SOLVE_CURVE = "solve-curve"
SOLVE_STOP = "solve-stop"
SOLVE_ACCEPT = "solve-accept"

# Ground.
EDIT_KIND = "edit-kind"
EDIT_FACTOR = "edit-factor"
EDIT_DRAW = "edit-draw"
EDIT_BRIDGE = "edit-bridge"
EDIT_LIST = "edit-list"
EDIT_HINT = "edit-hint"
EDIT_REMOVE = "edit-remove"
EDIT_UNDO = "edit-undo"
EDIT_REDO = "edit-redo"
EDIT_AGAIN = "edit-again"

# Comparison.
COMPARE_WITH = "compare-with"
COMPARISON = "comparison"
SIDE = "side"
DOCK = "dock"

# Export.
EXPORT_OPEN = "export-open"
EXPORT_MODAL = "export-modal"
EXPORT_LANGUAGE = "export-language"
EXPORT_LIST = "export-list"
EXPORT_TICK = "export-tick"
EXPORT_NOTE = "export-note"
EXPORT_ASKED = "export-asked"

#: What is drawn from text, see ``dashboard.markup``.
WRITTEN = (TIMELINE, BRIEFING, SHORTFALL, COMPARISON)


def html_of(name: str) -> str:
    """Return the name of the store that holds the text of an element.

    Parameters
    ----------
    name : str
        Name of the element.

    Returns
    -------
    str
        Name of its store.
    """
    return f"{name}-html"
