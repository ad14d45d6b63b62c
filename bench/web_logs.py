#!/usr/bin/env python3
"""Writes a large access log, the same bytes each time: web_logs.py access_log|w3c OUT LINES.

Lines are those of real logs in Combined form where the shared test data is there, else of a site
made up here. Clients, numbers in targets and sizes vary, and every other target without a number
gets one, so that few of them repeat; agents and referers repeat as they do in life.
"""

import os
import random
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SEAWALL_TEST_DATA") or ROOT / "../shared/data")
LINE = re.compile(
    r'(\S+) - (\S+) \[([^]]+)\] "(\S+) (.*) (HTTP/[\d.]+)" (\d+) (\d+|-) ' r'"(.*?)" "(.*)"$'
)
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{}.0.0.0 Safari/537.36"
FIELDS = (
    "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n"
    "#Date: 2026-11-22 00:00:00\r\n"
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) cs(Referer) sc-status sc-substatus "
    "sc-win32-status time-taken\r\n"
)


def real_lines():
    for path in sorted((DATA / "weblogs/benign").glob("*.log")):
        with open(path, errors="replace") as log:
            yield from filter(None, map(LINE.match, log))


def made_up(dice):
    """Parts of lines, as LINE would give them."""
    parts = []
    for number in range(2000):
        target = dice.choice(
            [
                "/",
                "/index.php",
                "/css/site.css?ver=5.9",
                "/img/{}.png",
                "/shop/item/{}?ref=list",
                "/api/v1/users/{}/posts?page=2",
            ]
        )
        parts.append(
            (
                "192.0.2.1",
                "-",
                "",
                dice.choice(["GET", "GET", "GET", "POST", "HEAD"]),
                target.format(number),
                "HTTP/1.1",
                dice.choice(["200", "200", "304", "404"]),
                "512",
                dice.choice(["-", "https://www.example.com/shop"]),
                AGENT.format(100 + number % 40),
            )
        )
    return parts


def vary(text, dice):
    return re.sub(
        r"\d+",
        lambda run: str(dice.randrange(10 ** len(run.group()))).zfill(len(run.group())),
        text,
    )


def write(kind, out, lines):
    dice = random.Random(7)
    parts = [line.groups() for line in real_lines()] or made_up(dice)
    row = 0
    if kind == "w3c":
        out.write(FIELDS)
    while row < lines:
        for _, user, _, method, target, version, status, size, referer, agent in parts:
            target = vary(target, dice)
            if row % 2 and not re.search(r"\d", target):
                target += f"?id={dice.randrange(10 ** 7)}"
            client = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
            size = vary(size, dice).lstrip("0") or "0"
            hour, minute, second = row // 36000 % 24, row // 600 % 60, row // 10 % 60
            if kind == "access_log":
                out.write(
                    f"{client} - {user} [22/Nov/2026:{hour:02}:{minute:02}:{second:02} +0000]"
                    f' "{method} {target} {version}" {status} {size} "{referer}" "{agent}"\n'
                )
            else:
                stem, _, query = target.replace(" ", "+").partition("?")
                out.write(
                    f"2026-11-22 {hour:02}:{minute:02}:{second:02} 10.0.0.5 {method} {stem} "
                    f"{query or '-'} 443 {user} {client} {agent.replace(' ', '+') or '-'} "
                    f"{referer.replace(' ', '+') or '-'} {status} 0 0 {size}\r\n"
                )
            row += 1
            if row == lines:
                break


def main():
    kind, path, lines = sys.argv[1:]
    with open(path, "w", newline="") as out:
        write(kind, out, int(lines))


main()
