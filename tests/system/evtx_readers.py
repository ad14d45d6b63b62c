#!/usr/bin/env python3
"""No record of an event log is lost that another reader has, and values agree.

The other readers: the Rust crate `evtx` (Python's module) and libevtx's evtxexport, on the shared
event logs, on logs of our own writer and on damaged ones; and the .json beside each regression
case.
"""
import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["PROJECT_ROOT"] + "/tests/tools")
import compare_evtx  # noqa: E402
import evtx_writer  # noqa: E402
import golden_evtx  # noqa: E402

PROGRAM = os.environ["SEAWALL"]
DATA = Path(os.environ["SEAWALL_TEST_DATA"]) / "evtx"


def write_samples(folder):
    """The sample, each kind of damage to it, and the events of several chunks cut off anywhere."""
    folder.mkdir()
    whole, _ = evtx_writer.sample()
    (folder / "whole.evtx").write_bytes(whole)
    (folder / "bodies.evtx").write_bytes(golden_evtx.values())
    for kind in evtx_writer.DAMAGES:
        (folder / f"{kind}.evtx").write_bytes(evtx_writer.damage(whole, kind))
    for length in range(evtx_writer.FILE_HEADER + evtx_writer.CHUNK_HEADER, len(whole), 40009):
        (folder / f"first-{length}.evtx").write_bytes(whole[:length])
    return folder


def problems(title, check, folders):
    result = compare_evtx.compare(check, PROGRAM, folders)
    compare_evtx.print_table(title, result)
    if not result.counts:
        return ["nothing was compared"]
    return result.unexplained


def main():
    written = write_samples(Path("written"))
    shared = [path for path in (DATA / "attack-samples", DATA / "sigma-regression")
              if path.is_dir()]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for title, check, missing in compare_evtx.checks():
        beside = check is compare_evtx.compare_beside
        folders = shared if beside else [written] + shared
        if not shared:
            missing = missing or (f"no data in {DATA}" if beside else None)
        if missing:
            print(f"SKIP {title}: {missing}")
            counts["skipped"] += 1
            continue
        if not shared:
            print(f"SKIP {title}: the shared event logs, no data in {DATA}")
            counts["skipped"] += 1
        counts["failed" if problems(title, check, folders) else "passed"] += 1
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return int(counts["failed"] > 0)


sys.exit(main())
