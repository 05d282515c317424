"""Running solves: submitted, followed, cancelled, accepted; what is stored survives a crash.

`Jobs` is the door. Behind it worker processes that have already imported the solver plan one job
each at a time, and a database in the folder of `Jobs` is the truth.
"""

from __future__ import annotations

from optimizer.jobs.jobs import Jobs
from optimizer.jobs.limits import Limits
from optimizer.jobs.model import Best, Event, Job, Problem, Stage, State

__all__ = ["Best", "Event", "Job", "Jobs", "Limits", "Problem", "Stage", "State"]
