"""Starts a command from a small process and writes down what it used.

A process's largest memory counts from before it becomes another program, and so is never below
that of the one that started it; this one imports next to nothing.
"""

import json
import os
import sys

if __name__ == "__main__":
    told, *command = sys.argv[1:]
    child = os.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606 - that is what it is for
    _, status, usage = os.wait4(child, 0)
    with open(told, "w", encoding="utf-8") as target:  # noqa: PTH123 - pathlib costs memory
        json.dump([usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024], target)
    sys.exit(os.waitstatus_to_exitcode(status))
