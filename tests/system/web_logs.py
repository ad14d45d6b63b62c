#!/usr/bin/env python3
"""Logs of web servers: what rules about them see, and real files of many servers read or named."""
import json
import re
from pathlib import Path

from system_kit import check, findings, hunt, need_data, run, run_tests, same

CLOCK = "[22/Nov/2026:10:00:00 +0000]"
IIS = ("#Software: Microsoft Internet Information Services 10.0\r\n"
       "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip "
       "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n")
FTP = ("#Fields: date time c-ip cs-method cs-uri-stem sc-status sc-win32-status x-session\n"
       "2026-11-22 10:00:00 192.0.2.1 RETR /x.aspx 226 0 5\n")


def rule(name, detection, source="category: webserver"):
    Path("rules").mkdir(exist_ok=True)
    Path(f"rules/{name}.yml").write_text(
        f"title: {name}\nlogsource:\n  {source}\ndetection:\n  selection:\n    {detection}\n"
        "  condition: selection\nlevel: low\n")


def titles(*evidence):
    result = hunt("--quiet", *evidence)
    check(result.status == 0, result)
    return sorted(finding["title"] for finding in findings(result.out))


def access_line(request, status="200", rest=' "-" "-"', front="192.0.2.1 - -"):
    return f'{front} {CLOCK} "{request}" {status} 5{rest}\n'


# ---- what rules see (row T6) ----

def test_the_query_is_stem_and_query_and_the_query_alone():
    rule("path", "cs-uri-query|startswith: '/a.jsp?b='")
    rule("whole", "cs-uri-query: 'b=c'")
    rule("stem", "cs-uri-stem: '/a.jsp'")
    rule("target", "c-uri: '/a.jsp?b=c'")
    rule("line", "- '192.0.2.1 * HTTP/1.1'")
    names = ["line", "path", "stem", "target", "whole"]
    Path("access.log").write_text(access_line("GET /a.jsp?b=c HTTP/1.1"))
    same(titles("access.log"), names)
    Path("iis.log").write_text(IIS + "2026-11-22 10:00:00 10.0.0.5 GET /a.jsp b=c 80 - 192.0.2.1 "
                               "x - 200 0 0 HTTP/1.1\r\n")
    same(titles("iis.log"), names)
    # without a query the stem stands for it
    rule("path", "cs-uri-query: '/a.jsp'")
    Path("access.log").write_text(access_line("GET /a.jsp HTTP/1.1"))
    same(titles("access.log"), ["line", "path", "stem"])


def test_agents_of_iis_with_plus_and_with_blanks():
    rule("blanks", "cs-user-agent|contains: 'Mozilla/5.0 (X11'")
    rule("plus", "cs-user-agent|contains: 'Mozilla/5.0+(X11'")
    rule("written", "cs(User-Agent)|contains: '5.0+('")
    rule("proxy_name", "c-useragent|contains: '5.0 ('")
    Path("iis.log").write_text(IIS + "2026-11-22 10:00:00 10.0.0.5 GET / - 80 - 192.0.2.1 "
                               "Mozilla/5.0+(X11) - 200 0 0 1\r\n")
    same(titles("iis.log"), ["blanks", "plus", "proxy_name", "written"])


def test_products_are_told_apart_where_they_can_be():
    for product in ("apache", "nginx", "iis"):
        rule(product, "sc-status: 200", f"{{category: webserver, product: {product}}}")
    Path("access.log").write_text(access_line("GET / HTTP/1.1"))
    Path("iis.log").write_text(IIS + "2026-11-22 10:00:00 ::1 GET / - 80 - ::1 - - 200 0 0 1\r\n")
    same(titles("access.log"), ["apache", "nginx"])
    same(titles("iis.log"), ["iis"])


def test_rules_for_proxies_see_what_was_asked_of_a_proxy():
    rule("proxy", "cs-method: '*'", "category: proxy")
    rule("host", "cs-host|endswith: 'example.com'", "category: proxy")
    Path("access.log").write_text(access_line("GET /a HTTP/1.1"))
    same(titles("access.log"), [])
    Path("access.log").write_text(access_line("GET http://www.example.com:81/a HTTP/1.1"))
    same(titles("access.log"), ["host", "proxy"])
    Path("access.log").write_text(access_line("CONNECT www.example.com:443 HTTP/1.1"))
    same(titles("access.log"), ["host", "proxy"])
    Path("proxy.log").write_text("#Fields: date time c-ip cs-method cs-uri-scheme cs-host "
                                 "cs-uri-path\n2026-11-22 10:00:00 ::1 GET http example.com /\n")
    same(titles("proxy.log"), ["host", "proxy"])


def test_what_is_no_request_is_not_for_web_rules():
    rule("any", "cs-uri-stem|endswith: '.aspx'")
    rule("line", "- 'x.aspx'")
    Path("ftp.log").write_text(FTP)
    same(titles("ftp.log"), [])
    same(json.loads(run("cat", "ftp.log").out)["cs-uri-stem"], "/x.aspx")
    Path("ftp.log").write_text(FTP.replace(" x-session", " cs-bytes"))
    same(titles("ftp.log"), ["any", "line"])


def test_a_client_cannot_hide_a_request():
    rule("shell", "cs-uri-query|contains: '.jsp?cmd='")
    for request in (r'GET /\" 200 5 \"-\" \"-\" a.jsp?cmd=id HTTP/1.1', "GET /a b.jsp?cmd=id x y",
                    r'GET /"a.jsp?cmd=id HTTP/1.1', "GET /[01/Jan/2000:00:00:00 +0000] .jsp?cmd="):
        Path("access.log").write_text(access_line(request))
        same(titles("access.log"), ["shell"])
    Path("iis.log").write_text(
        IIS + '2026-11-22 10:00:00 ::1 GET /a.jsp cmd=id 80 - ::1 "x y" 200 0 0 1\r\n'
        '2026-11-22 10:00:00 ::1 GET /a.jsp cmd=id 80 a b c ::1 "x - 200 0 0 1\r\n')
    same(titles("iis.log"), ["shell", "shell"])


def test_the_finding_says_where():
    rule("any", "sc-status: 404")
    lines = access_line("GET / HTTP/1.1") * 3 + access_line("GET /x HTTP/1.1", "404",
                                                           front="w.example.com:443 ::1 - -")
    Path("access.log").write_text(lines)
    finding, = findings(hunt("--quiet", "access.log").out)
    same((finding["host"], finding["time"]), ("w.example.com", "2026-11-22T10:00:00.000000000Z"))
    same((finding["source"]["format"], finding["source"]["line"]), ("access_log", 4))
    same(finding["fields"]["cs-uri-stem"], "/x")


# ---- a large file in pieces ----

def test_pieces_lose_nothing():
    rule("any", "cs-uri-stem: '/needle'")
    line = access_line("GET /hay?" + "x" * 120 + " HTTP/1.1")
    with open("access.log", "w") as log:
        for _ in range(8):
            log.write(line * 20000 + access_line("GET /needle HTTP/1.1"))
    block = IIS + "2026-11-22 10:00:00 ::1 GET /a - 80 - ::1 " + "x" * 200 + " - 200 0 0 1\r\n" * 1
    row = block.splitlines(keepends=True)[-1]
    with open("iis.log", "w", newline="") as log:
        for _ in range(8):
            log.write(block + row * 10000 + row.replace("/a", "/needle"))
    for threads in ("1", "2"):
        for path, number in (("access.log", 20001), ("iis.log", 10004)):
            found = findings(hunt("--quiet", "--threads", threads, path).out)
            same([f["source"]["line"] for f in found], [number * n for n in range(1, 9)])


# ---- real files ----

# of other servers, in formats of their own
OTHERS = {"atlassian-confluence.log", "log.access.vc0"}
# connections that are no requests of HTTP
LOST = {"atlassian-bitbucket-access.log": 1, "aws_elb_access.log": 2}
JSON_FILES = {"azure_application_gateway_access.json", "nginxplus-json.log"}
CLF = re.compile(r'[\w.:,\[\]-]+ (?:[\w.:,-]+ )*\S+ .+ \[\d\d/[A-Z][a-z][a-z]/\d{4}(?::\d\d){3} '
                 r'[+-]\d{4}\] ".*" (?:\d{3}|-) (?:\d+|-)(?: .*)?$')


def records(path):
    rows = path.read_bytes().splitlines()
    return [row for row in rows if row.strip() and not row.startswith(b"#")]


def test_every_line_of_real_files_is_read_or_counted():
    files = [path for folder in ("weblogs/formats", "weblogs/benign")
             for path in sorted(need_data(folder).iterdir()) if "LICENSE" not in path.name]
    check(len(files) > 15, files)
    for path in files:
        result = run("cat", str(path))
        events = len(result.out.splitlines())
        if path.name in OTHERS:
            check(events == 0 and "format is not known" in result.err, path, result)
        elif path.name in LOST:
            same((path.name, events), (path.name, len(records(path)) - LOST[path.name]))
        elif path.name in JSON_FILES:
            check(events > 0 and '"cs-method"' not in result.out, path)
        else:
            same((path.name, events + len(result.complaints)), (path.name, len(records(path))))
            check(not result.complaints, path, result)


def test_every_line_in_common_or_combined_form_is_read():
    known = 0
    for path in sorted(need_data("weblogs/crowdsec").glob("*/*.log")):
        lines = [row for row in records(path) if CLF.match(row.decode(errors="replace"))
                 and not re.match(rb"[A-Z][a-z][a-z] +\d+ \d\d:\d\d:\d\d ", row)]
        if not lines:
            continue
        events = [json.loads(row) for row in run("cat", str(path)).out.splitlines()]
        requests = [event for event in events if "level" not in event]  # of an error log
        same((path.name, len(requests)), (path.name, len(lines)))
        events = requests
        check(all("c-ip" in event and "time" in event for event in events), path)
        known += len(lines)
    check(known > 400, known)


run_tests(globals())
