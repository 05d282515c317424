"""A typed client of the HTTP interface, which loads no solver.

::

    from optimizer.client import Client

    with Client("http://127.0.0.1:8765") as convoi:
        plan = convoi.plan(Path("brigade.yaml"), iterations=200).wait()
"""

from __future__ import annotations

from optimizer.client.client import Client, Verdict
from optimizer.client.remote import RemoteJob

__all__ = ["Client", "RemoteJob", "Verdict"]
