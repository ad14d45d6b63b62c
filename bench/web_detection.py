#!/usr/bin/env python3
"""How many attacks on web software are found, and how many ordinary requests are taken for some.

usage: bench/web_detection.py PROGRAM DATA [--json]

DATA is the folder of the test data; of it `weblogs` is used. Every value of httpparams stands as
one parameter of a GET, percent-encoded as browsers do, in a line of an access log, and so does
every request of crs that must be seen and has its payload in URI, user agent or referrer. All go
through PROGRAM, as a user would have them read.
"""
import csv
import json
import re
import subprocess
import sys
import tempfile
import urllib.parse
from collections import Counter
from pathlib import Path

import yaml

CLOCK = "[22/Nov/2026:10:00:00 +0000]"
CLASSES = {"sqli": "web-sql-injection", "xss": "web-scripting", "path-traversal": "web-path",
           "cmdi": "web-command"}
CRS_CLASSES = {"930": "path traversal", "932": "command injection", "933": "PHP", "934": "generic",
               "941": "xss", "942": "sqli", "944": "Java"}
ORDINARY_HEADERS = {"user-agent", "referer", "host", "accept", "connection", "accept-encoding",
                    "accept-language", "accept-charset", "keep-alive", "pragma", "cache-control",
                    "proxy-connection"}


def line(target, agent="-", referrer="-"):
    """A line of a log in Combined form, with what it cannot hold escaped as servers do."""
    def escaped(text):
        return "".join(c if " " <= c <= "~" and c not in '"\\' else
                       "".join(f"\\x{byte:02x}" for byte in c.encode(errors="replace"))
                       for c in text)
    return (f'192.0.2.1 - - {CLOCK} "GET {escaped(target)} HTTP/1.1" 404 5 "{escaped(referrer)}" '
            f'"{escaped(agent)}"\n')


def attacks_in(program, path):
    """By number of line: ids of the attacks that the program finds there."""
    command = [program, "hunt", "--quiet", "--output", "jsonl=-", str(path)]
    found = {}
    for row in subprocess.run(command, capture_output=True, check=True).stdout.splitlines():
        finding = json.loads(row)
        if finding["kind"] == "analytic":
            found.setdefault(finding["source"].get("line"), set()).add(finding["id"])
    return found


def attacks_on(program, lines):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "access.log"
        path.write_text("".join(lines))
        return attacks_in(program, path)


def measure_parameters(program, data):
    path = data / "weblogs/httpparams/payload_train.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8", errors="replace")))
    found = attacks_on(program, [line("/page?value=" + urllib.parse.quote_plus(row["payload"]))
                                 for row in rows])
    all_of, own, any_of = Counter(), Counter(), Counter()
    for number, row in enumerate(rows, 1):
        kind, ids = row["attack_type"], found.get(number, set())
        all_of[kind] += 1
        any_of[kind] += bool(ids)
        own[kind] += any(one.startswith(CLASSES.get(kind, "none")) for one in ids)
    return {kind: {"all": all_of[kind], "class": own[kind], "any": any_of[kind]}
            for kind in sorted(all_of)}


def crs_requests(data):
    """(class, target, agent, referrer) of those that must be seen, where a log has the payload."""
    for path in sorted((data / "weblogs/crs").glob("REQUEST-*/*.yaml")):
        kind = CRS_CLASSES.get(path.parent.name.split("-")[1])
        for test in yaml.safe_load(path.read_text(errors="replace")).get("tests", []):
            for stage in test.get("stages", []):
                stage = stage.get("stage", stage)
                given, log = stage.get("input", {}), (stage.get("output", {}).get("log") or {})
                target = str(given.get("uri", "/"))
                headers = {str(key).lower(): str(value)
                           for key, value in (given.get("headers") or {}).items()}
                agent = headers.get("user-agent", "-")
                referrer = headers.get("referer", "-")
                bare = "?" not in target and "%" not in target
                others = set(headers) - ORDINARY_HEADERS
                if (not kind or not log.get("expect_ids") or given.get("data") or
                        given.get("encoded_request") or "cookie" in others or
                        (bare and (others or ("OWASP CRS" in agent and referrer == "-")))):
                    continue
                yield kind, target, agent, referrer


def measure_crs(program, data):
    requests = list(crs_requests(data))
    found = attacks_on(program, [line(*request[1:]) for request in requests])
    all_of = Counter(request[0] for request in requests)
    seen = Counter(request[0] for number, request in enumerate(requests, 1) if number in found)
    return {kind: {"all": all_of[kind], "any": seen[kind]} for kind in sorted(all_of)}


def measure_benign(program, data):
    result = {}
    for name in ("wordpress-intranet.log", "apache-combined.log"):
        path = data / "weblogs/benign" / name
        lines = sum(1 for _ in path.open("rb"))
        result[name] = {"all": lines, "any": len(attacks_in(program, path))}
    return result


def measure_crowdsec(program, data):
    """Folders where something must be found, and where nothing may be: how many have a finding."""
    expected, others = Counter(), Counter()
    for folder in sorted((data / "weblogs/crowdsec").iterdir()):
        if not folder.is_dir():
            continue
        asserted = folder / "scenario.assert"
        logs = [path for path in folder.iterdir()
                if path.suffix not in (".yaml", ".assert") and path.is_file()]
        command = [program, "hunt", "--quiet", "--output", "jsonl=-", *map(str, logs)]
        out = subprocess.run(command, capture_output=True).stdout
        hit = bool(re.search(rb'"level":"(low|medium|high|critical)"', out))
        counts = expected if asserted.is_file() and asserted.stat().st_size > 0 else others
        counts["all"] += 1
        counts["any"] += hit
    return {"expected": dict(expected), "others": dict(others)}


def table(title, rows):
    print(f"\n{title}\n")
    for name, counts in rows.items():
        share = 100 * counts["any"] / max(counts["all"], 1)
        own = f", {100 * counts['class'] / counts['all']:6.2f} % as its class" \
            if "class" in counts and name != "norm" else ""
        print(f"  {name:24} {counts['any']:6} of {counts['all']:6}  {share:6.2f} %{own}")


def main():
    program, data = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    result = {"httpparams": measure_parameters(program, data), "crs": measure_crs(program, data),
              "benign": measure_benign(program, data),
              "crowdsec": measure_crowdsec(program, data)}
    if "--json" in sys.argv:
        print(json.dumps(result))
        return
    for title, rows in result.items():
        table(title, rows)


if __name__ == "__main__":
    main()
