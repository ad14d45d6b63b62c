"""What the web server and the proxy in front of it leave: access logs, and the folder it serves.

requests() is what was asked of the site; iis_logs() and proxy_log() write it down, each its way.
"""
import datetime
import random

RNG = random.Random(20260912)  # of its own: what the event logs hold does not depend on it
FIRST_DAY = datetime.datetime(2026, 9, 12, tzinfo=datetime.timezone.utc)
DAYS = 5
PROXY_IP, WEB_IP = "192.0.2.5", "192.0.2.10"
INTRUDER_1, INTRUDER_2, SCANNER = "198.51.100.23", "198.51.100.77", "203.0.113.200"
SITE = "https://portal.example.com"
SHELL = "/portal/uploads/preview.aspx"
UPLOAD = "/portal/api/upload.ashx"
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
]
NIKTO = "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:000003)"
MONITOR = "example-monitor/2.4"

# What an intruder reads of the portal before trying to upload: clock of day 3, path, status.
LOOKING = [("01:42:10", "/", 200), ("01:42:12", "/portal/", 200),
           ("01:42:41", "/portal/admin/", 403), ("01:43:02", "/portal/api/", 403),
           ("01:43:20", "/portal/api/export.ashx", 401), ("01:43:51", UPLOAD, 405),
           ("01:44:30", "/portal/uploads/", 403)]
# The events of the web server show what each of these calls of the web shell did.
CALLS = ["02:13:40", "02:15:12", "02:16:30", "02:21:07", "02:24:50", "02:31:16"]
SCANNED = ["/", "/.env", "/.git/config", "/wp-login.php", "/phpmyadmin/index.php", "/cmd.aspx",
           "/portal/..%2f..%2f..%2fwindows/win.ini", "/backup.zip", "/server-status",
           "/portal/page.aspx?id=1%27%20or%201=1--", "/cgi-bin/test.cgi"]
SCAN_FINDS = {
    "/.env": "Path Traversal Or Secret File Tried",
    "/.git/config": "Path Traversal Or Secret File Tried",
    "/cmd.aspx": "Search For Known Web Shells",
    "/portal/..%2f..%2f..%2fwindows/win.ini": "Path Traversal Or Secret File Tried",
    "/portal/page.aspx?id=1%27%20or%201=1--": "SQL Injection Tried",
}
UPLOADED = "Upload Names A Script As Its File"
CALLED = "Script In An Upload Folder Was Called"
POSTED = "Script In An Upload Folder Took A Post"
SCANNING = "Vulnerability Scanner By Its User Agent"
MANY = "Many Pages Asked For That Are Not There"

PAGE = """<%@ Page Language="C#" %>
<!DOCTYPE html>
<html><head><title>{title}</title><link rel="stylesheet" href="/portal/site.css"></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
STAND_IN = """This is no page. In the story, the file of this name was a web shell: a page that ran
the commands that were posted to it. Its code was left out; what stands here does nothing.
"""


def moment(day, clock):
    """A time of the story; day 3 is the Monday on which the server is taken."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return FIRST_DAY + datetime.timedelta(days=day - 1, hours=hours, minutes=minutes,
                                          seconds=seconds)


def request(time, address, method, uri, status, agent, size=0, referer="-", finds=()):
    return {"time": time, "address": address, "method": method, "uri": uri, "status": status,
            "agent": agent, "size": size or RNG.randrange(900, 24000), "referer": referer,
            "taken": RNG.randrange(15, 700), "finds": tuple(finds)}


def scan():
    """Somebody else's scan, the evening before: every site sees one every day."""
    for i, uri in enumerate(SCANNED):
        finds = [SCANNING] + [SCAN_FINDS[key] for key in SCAN_FINDS if key == uri]
        finds += [MANY] * (i + 1 == len(SCANNED))
        yield request(moment(2, f"21:40:{2 * i:02}"), SCANNER, "GET", uri,
                      200 if uri == "/" else 404, NIKTO, 1245, finds=finds)


def intrusion():
    for clock, uri, status in LOOKING:
        yield request(moment(3, clock), INTRUDER_1, "GET", uri, status, BROWSERS[1])
    for clock, name, status, finds in (("01:52:17", "a.txt", 200, []),
                                       ("02:04:44", "preview.asp", 500, []),
                                       ("02:11:03", "preview.aspx", 200, [UPLOADED])):
        yield request(moment(3, clock), INTRUDER_1, "POST", f"{UPLOAD}?folder=uploads&name={name}",
                      status, BROWSERS[1], 64, SITE + "/portal/", finds)
    yield request(moment(3, "02:11:40"), INTRUDER_1, "GET", SHELL, 200, BROWSERS[1], 212,
                  finds=[CALLED])
    for clock in CALLS:
        yield request(moment(3, clock), INTRUDER_2, "POST", SHELL, 200, BROWSERS[0],
                      finds=[POSTED])


def visit(day):
    """A visitor's few requests."""
    time = moment(day, f"{RNG.randrange(6, 22):02}:{RNG.randrange(60):02}:{RNG.randrange(60):02}")
    address, agent = f"203.0.113.{RNG.randrange(10, 60)}", RNG.choice(BROWSERS)
    pages = [("GET", "/portal/", 200), ("GET", "/portal/site.css", RNG.choice([200, 304])),
             RNG.choice([("GET", "/favicon.ico", 404), ("GET", "/portal/login.aspx", 200)]),
             RNG.choice([("POST", "/portal/login.aspx", 302),
                         ("GET", f"/portal/pages/page{RNG.randrange(90)}.aspx", 200),
                         ("GET", "/portal/search.aspx?q=floor+3+plan", 200)]),
             RNG.choice([("GET", "/portal/uploads/floor3.txt", 200),
                         ("POST", f"{UPLOAD}?folder=uploads&name=photo-{RNG.randrange(90)}.jpg",
                          200),
                         ("GET", f"/portal/pages/page{RNG.randrange(90)}.aspx", 200)])]
    referer = "-"
    for method, uri, status in pages[:RNG.randrange(2, 6)]:
        yield request(time, address, method, uri, status, agent, referer=referer)
        time += datetime.timedelta(seconds=RNG.randrange(1, 40))
        referer = SITE + "/portal/"


def requests():
    rows = [*scan(), *intrusion()]
    for day in range(1, DAYS + 1):
        for hour in range(0, 24, 3):
            rows.append(request(moment(day, f"{hour:02}:00:01"), "192.0.2.60", "HEAD", "/portal/",
                                200, MONITOR, 310))
        for _ in range(14):
            rows.extend(visit(day))
    return sorted(rows, key=lambda row: row["time"])


IIS_HEAD = ("#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n"
            "#Date: {date} 00:00:00\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query "
            "s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus "
            "sc-win32-status time-taken X-Forwarded-For\n")


def iis_logs(rows):
    """The name and text of each day's log, and (time, line in its log, titles) of what is found.

    The client of every request is the proxy; who asked it stands in a field of its own.
    """
    logs, found = {}, []
    for row in rows:
        name = f"u_ex{row['time']:%y%m%d}.log"
        head = IIS_HEAD.format(date=row["time"].date())
        text = logs.get(name, head)
        stem, _, query = row["uri"].partition("?")
        agent = row["agent"].replace(" ", "+")
        logs[name] = text + (
            f"{row['time']:%Y-%m-%d %H:%M:%S} {WEB_IP} {row['method']} {stem} {query or '-'} 443 - "
            f"{PROXY_IP} {agent} {row['referer']} {row['status']} 0 0 {row['taken']} "
            f"{row['address']}\n")
        found.append((row["time"], logs[name].count("\n"), row["finds"]))
    return logs, found


def proxy_log(rows):
    """The log of the reverse proxy, in Combined form, and what is found in it."""
    lines = [f"{row['address']} - - [{row['time']:%d/%b/%Y:%H:%M:%S} +0000] "
             f"\"{row['method']} {row['uri']} HTTP/1.1\" {row['status']} {row['size']} "
             f"\"{row['referer']}\" \"{row['agent']}\"\n" for row in rows]
    found = [(row["time"], number, row["finds"]) for number, row in enumerate(rows, 1)]
    return "".join(lines), found


def web_root():
    """The folder that the server serves; the dropped page without its code."""
    return {
        "default.aspx": PAGE.format(title="Portal", text="Plans and notices of the site."),
        "login.aspx": PAGE.format(title="Log in", text="Accounts are made by the help desk."),
        "site.css": "body { font-family: sans-serif; margin: 2em; }\n",
        "web.config": '<?xml version="1.0"?>\n<configuration>\n  <system.web>\n    '
                      '<compilation debug="false" />\n  </system.web>\n</configuration>\n',
        "uploads/floor3.txt": "Floor 3: the meeting rooms are closed until October.\n",
        "uploads/preview.aspx": STAND_IN,
    }
