#!/usr/bin/env python3
"""Failed logons for correlations, and what must be found in them.

usage: bench/matches.py FILE MATCHES KEYS

Writes JSON lines: MATCHES failed logons (Security 4625) of KEYS accounts, one every millisecond,
in blocks of 50,000 that stand in the file in another order than that of time. Behind them, in
FILE.expected, stand how many findings each of the correlations of RULES has, by a count of its own
that goes through the logons in order of time. Deterministic.
"""

import json
import random
import sys
from collections import defaultdict, deque

SPAN_MS = 60_000
BLOCK = 50_000
COUNT_AT_LEAST = 12  # logons of one account within SPAN_MS
VALUES_AT_LEAST = 6  # distinct addresses of one account within SPAN_MS
ADDRESSES = 16

FAILED = """\
title: failed logon
name: failed
logsource: {product: windows, service: security}
detection:
  s: {EventID: 4625}
  condition: s
level: low
"""

BY_KIND = """\
title: failed logon by network
name: network
logsource: {product: windows, service: security}
detection:
  s: {EventID: 4625, LogonType: 3}
  condition: s
level: low
---
title: failed logon by remote desktop
name: remote
logsource: {product: windows, service: security}
detection:
  s: {EventID: 4625, LogonType: 10}
  condition: s
level: low
"""

RULES = {
    "event_count": FAILED
    + f"""\
---
title: many failed logons
correlation:
  type: event_count
  rules: [failed]
  group-by: [TargetUserName]
  timespan: 1m
  condition: {{gte: {COUNT_AT_LEAST}}}
level: medium
""",
    "value_count": FAILED
    + f"""\
---
title: failed logons from many addresses
correlation:
  type: value_count
  rules: [failed]
  group-by: [TargetUserName]
  timespan: 1m
  condition: {{field: IpAddress, gte: {VALUES_AT_LEAST}}}
level: medium
""",
    "temporal": BY_KIND
    + """\
---
title: both kinds within a minute
correlation:
  type: temporal
  rules: [network, remote]
  group-by: [TargetUserName]
  timespan: 1m
level: medium
""",
}


def logons(matches, keys):
    """(milliseconds, account, address, type), in order of time. Some accounts come in bursts."""
    dice = random.Random(23)
    busy, left = 0, 0
    for number in range(matches):
        if left == 0 and dice.random() < 0.0005:
            busy, left = dice.randrange(keys), dice.randrange(5, 40)
        if left > 0:
            account, left = busy, left - 1
        else:
            account = dice.randrange(keys)
        yield number, account, dice.randrange(ADDRESSES), 3 if dice.random() < 0.3 else 10


def line(logon):
    ms, account, address, kind = logon
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    time = f"2026-09-14T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z"
    return (
        f'{{"EventID":4625,"Channel":"Security","Computer":"dc","TimeCreated":"{time}",'
        f'"TargetUserName":"user{account:06}","IpAddress":"192.0.2.{address}",'
        f'"LogonType":{kind}}}\n'
    )


class Run:
    """A group's window: one finding for each run above the threshold (docs/sigma.md, K12)."""

    def __init__(self):
        self.window = deque()
        self.above = False


def expected(matches, keys):
    counts = dict.fromkeys(RULES, 0)
    groups = {name: defaultdict(Run) for name in RULES}
    for ms, account, address, kind in logons(matches, keys):
        for name in RULES:
            run = groups[name][account]
            window = run.window
            while window and ms - window[0][0] > SPAN_MS:
                window.popleft()
            window.append((ms, address, kind))
            if name == "event_count":
                above = len(window) >= COUNT_AT_LEAST
            elif name == "value_count":
                above = len({one[1] for one in window}) >= VALUES_AT_LEAST
            else:
                above = len({one[2] for one in window}) == 2
            counts[name] += above and not run.above
            run.above = above
    return counts


def main():
    path, matches, keys = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    blocks, lines = [], []
    for logon in logons(matches, keys):
        lines.append(line(logon))
        if len(lines) == BLOCK:
            blocks.append("".join(lines))
            lines = []
    blocks.append("".join(lines))
    random.Random(5).shuffle(blocks)
    with open(path, "w", encoding="ascii") as out:
        out.writelines(blocks)
    with open(path + ".expected", "w", encoding="ascii") as out:
        json.dump(expected(matches, keys), out)


if __name__ == "__main__":
    main()
