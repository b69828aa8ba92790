#!/usr/bin/env python3
"""A complete switcher for handover, as a program: python3 switcher.py FOLDER

It answers one request on standard input with one object on standard output, as docs/exec.md has it. The
"router" it moves is a folder: state.json says where requests go, and each request in flight is a file in
in-flight/blue or in-flight/green. Everything is kept: revision, fence, and the name of each operation.
"""

import fcntl
import json
import os
import sys
import time

WHOLE = 10_000
STEP = 100


class Error(Exception):
    """An answer that is an error, with its kind."""

    def __init__(self, kind, **rest):
        super().__init__(kind)
        self.answer = {"kind": kind, **rest}


def duration(seconds):
    return {"secs": int(seconds), "nanos": int(seconds % 1 * 1e9)}


def capabilities():
    return {
        "weights": {"kind": "any", "step": STEP},
        "atomic": True, "hold": True, "compare_and_set": True, "fencing": True,
        "read_back": True, "keeps_state": True, "drain": {"kind": "counted"},
        "rollback_bound": duration(1),
    }


class Router:
    def __init__(self, folder):
        self.folder = folder
        self.path = os.path.join(folder, "state.json")
        # The lock is a file of its own: the state is replaced with each change. It is gone with the process.
        self.lock = open(os.path.join(folder, "lock"), "a")
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def load(self):
        try:
            with open(self.path) as file:
                return json.load(file)
        except FileNotFoundError:
            route = {"split": 0, "mode": "serve"}
            return {"route": route, "revision": 0, "last_op": None, "fence": 0, "done": {}, "asked": 0}

    def save(self, state):
        """Whole or not at all: a temporary file, synced, renamed over the old one."""
        with open(self.path + ".new", "w") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(self.path + ".new", self.path)

    def in_flight(self, slot):
        try:
            return len(os.listdir(os.path.join(self.folder, "in-flight", slot)))
        except FileNotFoundError:
            return 0

    def observe(self):
        state, counts = self.load(), {}
        route = state["route"]
        if route["mode"] == "hold" and route["until"] <= time.time() * 1000:
            route = {"split": route["split"], "mode": "serve"}
        for slot in ("blue", "green"):
            counts[slot] = {"requests": self.in_flight(slot), "streams": 0, "upgrades": 0}
        kept = {key: state[key] for key in ("revision", "last_op", "fence")}
        return {"route": route, "in_flight": counts, **kept}

    def apply(self, change):
        state = self.load()
        state["asked"] += 1
        try:
            self.admit(state, change)
        finally:
            self.save(state)
        return self.observe()

    def admit(self, state, change):
        route, op, fence, expected = (change[key] for key in ("route", "op", "fence", "expected"))
        if route["split"] % STEP:
            raise Error("unsupported", message=f"shares are multiples of {STEP}")
        if fence < state["fence"]:
            raise Error("fenced", seen=state["fence"])
        if op in state["done"]:
            if state["done"][op] != route:
                raise Error("refused", message="this operation was made before with another route")
            state["fence"] = fence
            return
        if expected != "any" and expected["revision"] != state["revision"]:
            raise Error("conflict", expected=expected["revision"], found=state["revision"])
        state["done"][op] = route
        state.update(route=route, revision=state["revision"] + 1, last_op=op, fence=fence)

    def drain(self, slot, limit):
        until = time.monotonic() + limit["secs"] + limit["nanos"] / 1e9
        begun = time.monotonic()
        while True:
            split = self.load()["route"]["split"]
            if (split if slot == "green" else WHOLE - split) > 0:
                raise Error("refused", message=f"{slot} still has traffic")
            left = self.in_flight(slot)
            if left == 0:
                return {"drained": "clean", "waited": duration(time.monotonic() - begun)}
            if time.monotonic() >= until:
                return {"drained": "timed_out", "requests": left, "streams": 0, "upgrades": 0}
            # Others may change traffic while this one waits.
            fcntl.flock(self.lock, fcntl.LOCK_UN)
            time.sleep(0.005)
            fcntl.flock(self.lock, fcntl.LOCK_EX)


def answer(request, folder):
    if request.get("handover") != 1:
        raise Error("refused", message="this program speaks version 1")
    call = request["call"]
    if call == "capabilities":
        return capabilities()
    router = Router(folder)
    if call == "observe":
        return router.observe()
    if call == "apply":
        return router.apply(request["change"])
    if call == "drain":
        return router.drain(request["slot"], request["limit"])
    raise Error("refused", message=f"no such call: {call}")


def main():
    request = json.load(sys.stdin)
    try:
        said = {"handover": 1, "ok": answer(request, sys.argv[1])}
    except Error as error:
        said = {"handover": 1, "error": error.answer}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
