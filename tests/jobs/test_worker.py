"""What a worker sends from several threads arrives as it was sent."""

from __future__ import annotations

import multiprocessing
import threading

from optimizer.jobs.messages import Better, Reached
from optimizer.jobs.worker import sending


def test_messages_of_several_threads_arrive_whole() -> None:
    ours, theirs = multiprocessing.Pipe()
    send = sending(theirs)
    # A plan of this size does not fit into the pipe at once: another message would come between.
    messages: list[object] = [Better((), bytes(300_000)), Reached("search", 0.5)]
    threads = [
        threading.Thread(target=lambda said=said: [send(said) for _ in range(50)], daemon=True)
        for said in messages * 2
    ]
    for thread in threads:
        thread.start()
    arrived = [ours.recv() for _ in range(50 * len(threads))]
    assert [arrived.count(said) for said in messages] == [100, 100]
    ours.close()
    theirs.close()
