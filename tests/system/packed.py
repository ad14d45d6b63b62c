#!/usr/bin/env python3
"""Packed evidence: what is in it is found as if it were not packed, wherever it lies; and what is
hostile or damaged costs itself, and is said."""
import bz2
import gzip
import io
import itertools
import json
import lzma
import os
import re
import signal
import struct
import tarfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from system_kit import (account, check, children_of, findings, finish, has_complaint, hunt,
                        need_data, one_complaint, process_event, run, run_tests, same, start,
                        wait_for, write_evtx, write_rule)

from packing import packed  # noqa: E402 (system_kit sets the path)


serial = itertools.count()  # equal records are one finding


def lines(count=1, **fields):
    fields = {"command": f"whoami {next(serial)}"} | fields
    return b"".join(json.dumps(process_event(number + 1, **fields)).encode() + b"\n"
                    for number in range(count))


def event_log(count):
    write_evtx("log.evtx", count, f"whoami {next(serial)}")
    log = Path("log.evtx").read_bytes()
    os.remove("log.evtx")
    return log


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def tar_of(members, mode="w", **more):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, **more) as archive:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            else:
                entry.type, entry.linkname = content
                archive.addfile(entry)
    return out.getvalue()


def write(path, content):
    Path(path).write_bytes(content)
    return path


def places(result):
    check(result.status == 0, result)
    return sorted({finding["source"]["path"] for finding in findings(result.out)})


def report_of(*arguments, status=0):
    result = run("hunt", "--only-rules", "rules", *arguments)
    same(result.status, status)
    same(result.complaints if status == 0 else [], [])
    return result.out


# ---- what is read ----

def test_single_packed_files_keep_their_names():
    write_rule()
    text = lines(3)
    writers = {"gz": gzip.compress(text), "xz": lzma.compress(text), "bz2": bz2.compress(text),
               "zst": packed([("", text)], "raw", "zstd"),
               "lz4": packed([("", text)], "raw", "lz4")}
    for content in writers.values():
        write("log", content)
        result = hunt("log")
        same([(finding["source"]["path"], finding["source"]["line"])
              for finding in findings(result.out)], [("log", 1), ("log", 2), ("log", 3)])
        same(result.complaints, [])
        write("plain", text)
        same(run("cat", "log").out, run("cat", "plain").out)
        same(account(report_of("log")), {"read": 1})
        same(len(findings(hunt("-", given=content).out)), 3)


def test_archives_of_every_kind():
    write_rule()
    text = lines(2)
    members = [("a/1.json", text), ("a/2.evtx", event_log(3))]
    kinds = {"zip": zip_of(members), "stored": zip_of(members, zipfile.ZIP_STORED),
             "bzip2 in zip": zip_of(members, zipfile.ZIP_BZIP2),
             "lzma in zip": zip_of(members, zipfile.ZIP_LZMA),
             "7z": packed(members, "7zip"), "cpio": packed(members, "newc"),
             "old cpio": packed(members, "odc"),
             "tar": tar_of(members), "ustar": tar_of(members, format=tarfile.USTAR_FORMAT),
             "pax": tar_of(members, format=tarfile.PAX_FORMAT),
             "tar.gz": tar_of(members, "w:gz"), "tar.xz": tar_of(members, "w:xz"),
             "tar.bz2": tar_of(members, "w:bz2"), "tar.zst": packed(members, "ustar", "zstd")}
    for content in kinds.values():
        write("e", content)
        result = hunt("e")
        same(places(result), ["e!a/1.json", "e!a/2.evtx"])
        same(len(findings(result.out)), 5)
        same([(finding["source"]["line"], finding["source"]["offset"])
              for finding in findings(result.out) if "line" in finding["source"]],
             [(1, 0), (2, text.index(b"\n") + 1)])
        same(account(report_of("e")), {"read": 3})
        if not content.startswith(b"7z"):
            same(len(findings(hunt("-", given=content).out)), 5)
    same(len(findings(hunt("-", given=kinds["7z"]).out)), 5)


def test_one_in_the_other():
    write_rule()
    def inner():
        return tar_of([("c.evtx", event_log(2)), ("d.json", lines(2))])

    middle = zip_of([("b.tar", inner()), ("b.tar.xz", lzma.compress(inner()))])
    seven = packed([("deep.zip", middle), ("e.json.gz", gzip.compress(lines(1)))], "7zip")
    write("a.tar.gz", gzip.compress(tar_of([("x/seven", seven)])))
    result = hunt("a.tar.gz")
    same(places(result), [f"a.tar.gz!x/seven!{place}" for place in (
        "deep.zip!b.tar!c.evtx", "deep.zip!b.tar!d.json", "deep.zip!b.tar.xz!c.evtx",
        "deep.zip!b.tar.xz!d.json", "e.json.gz")])
    same(account(report_of("a.tar.gz")), {"read": 10})


def test_the_content_decides_not_the_name():
    write_rule()
    write("log.txt", gzip.compress(lines(1)))
    write("log.gz", lines(1))
    write("pk.json", b'{"note": "PK\3\4 is not at the start"}\n' + lines(1))
    same(len(findings(hunt("log.txt", "log.gz", "pk.json").out)), 3)


def test_an_uncompressed_tar_of_json_is_a_tar():
    write_rule()
    write("t", tar_of([("one.json", lines(1)), ("two.json", lines(1))]))
    same(places(hunt("t")), ["t!one.json", "t!two.json"])


def test_the_samples_packed_are_found_the_same():
    samples = need_data("evtx/attack-samples")
    rules = need_data("sigma")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        archive.add(samples, "s")
    write("packed.zip", zip_of([("inner.tar.gz", out.getvalue())]))
    os.symlink(samples, "s")

    def found(*arguments):
        begun = time.monotonic()
        result = hunt(*arguments, rules=rules)
        return result.out, time.monotonic() - begun

    plain, _ = found("s")
    plain, plain_seconds = found("s")
    text, seconds = found("packed.zip")
    check(len(plain) > 100000, len(plain))
    same(text.replace('"packed.zip!inner.tar.gz!', '"') == plain, True)
    for threads in "1", "3", "8":
        same(found("--threads", threads, "packed.zip")[0] == text, True)
    check(seconds < 2 * plain_seconds + 0.5, seconds, plain_seconds)


def test_large_members_and_many_threads():
    write_rule()
    log = event_log(5000)
    big = log + log[4096:] * 20  # the same chunks again
    text = lines(6000) * 10
    check(len(big) > 24 << 20 and len(text) > 16 << 20, len(big), len(text))
    members = [("big.evtx", big), ("big.json", text + text[:5 << 20]), ("small.json", lines(9))]
    write("e.zip", zip_of(members))
    write("e.tgz", tar_of(members, "w:gz", compresslevel=1))
    write("alone.gz", gzip.compress(members[1][1], 1))
    os.makedirs("f")
    for name, content in members:
        write("f/" + name, content)
    plain = hunt("f").out
    for archive in "e.zip", "e.tgz":
        for threads in "1", "5":
            got = hunt("--threads", threads, archive).out
            check(got.replace(f'"{archive}!', '"f/') == plain, archive, threads)
    alone = hunt("alone.gz").out
    check(alone.replace('"alone.gz"', '"f/big.json"') == hunt("f/big.json").out, "alone.gz")
    same(run("cat", "e.tgz").out == b"".join(
        run("cat", "f/" + name).out.encode() for name, _ in members).decode(), True)


# ---- what is hostile, or damaged ----

def sole_complaint(result, *parts):
    same(len(result.complaints), 1)
    has_complaint(result, *parts)


def one_line(report, *parts):
    rows = [row for row in report.splitlines() if all(part in row for part in parts)]
    check(len(rows) == 1, f"not one line with {parts}", report)


def test_names_lead_nowhere():
    write_rule()
    names = ["../../up.json", "/etc/absolute.json", "a/../../b.json", "../w.json", "plain..json"]
    before = set(os.listdir("."))
    for packer in tar_of, zip_of:
        archive = packer([(name, lines(1)) for name in names])
        write("t", archive)
        result = hunt("t")
        same(places(result), sorted("t!" + name for name in names))
        report = report_of("t")
        one_line(report, "t: 4 members have names that lead out")
        same(account(report), {"read": 6})
        os.remove("t")
        same(set(os.listdir(".")), before)
    check(not Path("../up.json").exists() and not Path("/etc/absolute.json").exists(), "written")


def test_names_are_bytes():
    write_rule()
    names = [b"caf\xe9.json", "café.json".encode(), b"line\nend.json", b"\x1b[31m.json",
             b"\xff\xfe"]
    write("t", packed([(name, lines(1)) for name in names], "ustar"))
    result = hunt("t")
    same(places(result), sorted(["t!caf%E9.json", "t!café.json", "t!line\nend.json",
                                 "t!\x1b[31m.json", "t!%FF%FE"]))
    check("\x1b[31m" not in run("hunt", "--only-rules", "rules", "t").out, "not escaped")
    write("z", zip_of([("café.json", lines(1))]))
    same(places(hunt("z")), ["z!café.json"])
    write("7", packed([("café.json", lines(1))], "7zip"))
    same(places(hunt("7")), ["7!café.json"])


def test_a_name_that_is_too_long():
    write_rule()
    write("z", zip_of([("n" * 5000, lines(1)), ("d/" * 20000 + "x", lines(1)),
                       ("short", lines(1))]))
    result = hunt("z")
    same([len(place) for place in places(result)], [2 + 4096, 2 + 4096, 7])
    one_line(report_of("z"), "z: 2 members have names of more than 4,096 bytes")


def test_links_are_not_followed():
    write_rule()
    write("secret.json", lines(1))
    write("t", tar_of([("a.json", lines(1)), ("s", (tarfile.SYMTYPE, "/etc/passwd")),
                       ("s2", (tarfile.SYMTYPE, "secret.json")),
                       ("h", (tarfile.LNKTYPE, "a.json")), ("p", (tarfile.FIFOTYPE, "")),
                       ("c", (tarfile.CHRTYPE, "")), ("d", (tarfile.DIRTYPE, ""))]))
    same(places(hunt("t")), ["t!a.json"])
    report = report_of("t")
    one_line(report, "t: 3 members are links")
    one_line(report, "t: 2 members are devices")
    same(account(report), {"read": 2, "left out": 5})


def test_duplicate_names():
    write_rule()
    members = [("same.json", lines(1, command="whoami 1")), ("other.json", lines(1)),
               ("same.json", lines(2, command="whoami 2"))]
    write("t", tar_of(members))
    same([finding["source"]["path"] for finding in findings(hunt("t").out)].count("t!same.json"), 3)
    one_line(report_of("t"), "t: 1 member has the name of an earlier one")
    for threads in "1", "4":
        same(hunt("--threads", threads, "t").out, hunt("t").out)


def test_empty_members_are_one_line():
    write_rule()
    write("z", zip_of([(f"e{number}", b"") for number in range(100000)] + [("a", lines(1))]))
    begun = time.monotonic()
    report = report_of("z")
    check(time.monotonic() - begun < 20, "too slow")
    one_line(report, "z: 100000 empty members")
    same(account(report), {"read": 2, "empty": 100000})
    result = run("cat", "z")
    one_complaint(result, "z", "100000 empty members")


def test_many_nested_folders():
    write_rule()
    write("t", tar_of([("f/" * depth, (tarfile.DIRTYPE, "")) for depth in range(1, 300)] +
                      [("f/" * 10000 + "x.json", lines(1))]))
    report = report_of("t")
    one_line(report, "t: 1 member has a name of more than 4,096 bytes")
    same(account(report), {"read": 2})


def test_layers_have_an_end():
    write_rule()
    content = lines(1)
    for _ in range(8):
        content = gzip.compress(content)
    write("eight", content)
    same(places(hunt("eight")), ["eight"])
    write("nine", gzip.compress(content))
    result = hunt("nine")
    same(result.status, 2)
    sole_complaint(result, "nine", "more than 8 layers")
    nested = zip_of([("0.json", lines(1))])
    for depth in range(1, 12):
        nested = zip_of([(f"{depth}.zip", nested), (f"{depth}.json", lines(1))])
    write("z", nested)
    result = hunt("z")
    same(len(findings(result.out)), 8)
    has_complaint(result, "!4.zip", "more than 8 layers")


def test_bombs():
    write_rule()
    zeros = bytes(200 << 20)
    bomb = gzip.compress(gzip.compress(zeros, 9), 9)
    flat = zip_of([("zeros", zeros), ("a.json", lines(1))])
    write("z", zip_of([("bomb", bomb), ("b.json", lines(1))]))
    begun = time.monotonic()
    report = report_of("z")
    one_line(report, "z!bomb")
    same(account(report), {"read": 2, "unknown": 1})
    write("flat", flat)
    report = report_of("flat")
    one_line(report, "flat!zeros")
    same(account(report), {"read": 2, "unknown": 1})
    # events without an end: nothing but the ratio stops them
    many = lzma.compress(lzma.compress(lines(1) * 400000, preset=1), preset=1)
    write("x", tar_of([("bomb.json", many), ("c.json", lines(1, command="whoami c"))]))
    result = hunt("x")
    has_complaint(result, "x!bomb.json", "2,000 times as large")
    same(len(result.complaints), 1)
    check("x!c.json" in [f["source"]["path"] for f in findings(result.out)], "the rest is read")
    check(time.monotonic() - begun < 60, "too slow")


def test_a_nest_of_bombs():
    """Sixteen in sixteen in sixteen, as 42.zip has it."""
    write_rule()
    inner = zip_of([("zeros", bytes(20 << 20))])
    for depth, width in enumerate((16, 16, 16, 2)):
        inner = zip_of([(f"{depth}-{number}.zip", inner) for number in range(width)])
    write("42", inner)
    write("a.json", lines(1))
    begun = time.monotonic()
    result = hunt("42", "a.json")
    check(time.monotonic() - begun < 100, "too slow")
    same(places(hunt("a.json")), ["a.json"])
    same(sum("2,000 times as large" in row for row in result.complaints), 2)


def test_endless_gzip():
    write_rule()
    write("e.gz", gzip.compress(bytes(300 << 20), 6))
    result = hunt("e.gz")
    same(result.status, 2)
    sole_complaint(result, "e.gz", "its format is not known")


def truncated(content, part=0.6):
    return content[:int(len(content) * part)]


def test_truncated_archives():
    write_rule()
    members = [(f"{number}.json", lines(200, command=f"whoami {number} {os.urandom(9).hex()}"))
               for number in range(9)]
    whole = {"tar": tar_of(members), "tar.gz": tar_of(members, "w:gz"),
             "tar.xz": tar_of(members, "w:xz"), "cpio": packed(members, "newc")}
    for name, content in whole.items():
        write(name, truncated(content))
        result = run("hunt", "--only-rules", "rules", name)
        same(result.status, 0)
        check("damaged stretch" in result.out, result)
        counts = account(result.out)
        check(counts["read"] >= 3, name, counts)
    write("zip", truncated(zip_of(members)))
    result = hunt("zip")
    same(result.status, 2)
    has_complaint(result, "zip", "its packing is damaged")
    text = b"".join(content for _, content in members)
    write("gz", truncated(gzip.compress(text)))
    result = run("hunt", "--only-rules", "rules", "gz")
    one_line(result.out, "gz at byte", "truncated gzip input")
    check(not result.out.startswith("Read 0"), result)


def patch_zip(content, name, change):
    """Applies `change` to the bytes of a member's data."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    entry = archive.getinfo(name)
    start = entry.header_offset + 30 + len(name)
    changed = bytearray(content)
    changed[start:start + entry.compress_size] = change(changed[start:start + entry.compress_size])
    same(len(changed), len(content))
    return bytes(changed)


def test_a_damaged_member_in_the_middle():
    write_rule()
    members = [(f"{number}.json", lines(50, command=f"whoami {number}")) for number in range(7)]
    content = zip_of(members)
    for name in "2.json", "4.json":
        content = patch_zip(content, name, lambda data: b"\xff" * 40 + data[40:])
    write("z", content)
    result = hunt("z")
    same(places(result), ["z!0.json", "z!1.json", "z!3.json", "z!5.json", "z!6.json"])
    report = report_of("z")
    one_line(report, "z!2.json", "ZIP decompression failed")
    one_line(report, "z!4.json", "ZIP decompression failed")
    account(report)
    for threads in "1", "5":
        same(hunt("--threads", threads, "z").out, result.out)


def test_wrong_checksums_and_sizes_are_said():
    write_rule()
    members = [("a.json", lines(2)), ("b.json", lines(2, command="whoami b"))]
    content = bytearray(zip_of(members, zipfile.ZIP_STORED))
    at = content.index(b"whoami b")
    content[at:at + 8] = b"whoami c"
    write("crc", bytes(content))
    result = hunt("crc")
    same(len(findings(result.out)), 4)
    one_line(report_of("crc"), "crc!b.json", "ZIP bad CRC")
    content = bytearray(zip_of(members))
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = content.rindex(mark) + offset
        size, = struct.unpack_from("<I", content, at)
        struct.pack_into("<I", content, at, size + 77)
    write("size", bytes(content))
    result = hunt("size")
    same(len(findings(result.out)), 4)
    one_line(report_of("size"), "size!b.json", "wrong size")


def test_encrypted_members_are_named():
    write_rule()
    content = bytearray(zip_of([("a.json", lines(2)), ("secret.json", lines(2))]))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.rindex(mark) + offset
        content[at] |= 1
    write("z", bytes(content))
    result = hunt("z")
    same(places(result), ["z!a.json"])
    sole_complaint(result, "z!secret.json", "it is encrypted")


def sparse_tar(name, size, content):
    """An old GNU sparse member: `content` at its end, a hole before it."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    block = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    block[156:157] = b"S"
    hole = size - len(content)
    number = b"\x80" + bytes(3) + struct.pack(">Q", hole)
    block[386:398] = number
    block[398:410] = b"%011o\0" % len(content)
    block[483:495] = b"\x80" + bytes(3) + struct.pack(">Q", size)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + content + bytes(-len(content) % 512)


def test_sparse_files():
    write_rule()
    tail = tar_of([("after.json", lines(1))])
    write("t", sparse_tar("small.json", 4096 + len(lines(2)), lines(2)) + tail)
    check("t!after.json" in places(hunt("t")), "the one after it")
    write("u", sparse_tar("huge", 1 << 40, lines(2)) + tail)
    begun = time.monotonic()
    report = report_of("u")
    one_line(report, "u!huge")
    check(time.monotonic() - begun < 20, "too slow")


def test_what_only_looks_packed():
    write_rule()
    os.makedirs("f")
    write("f/a.json", lines(1))
    for number, content in enumerate((b"PK\3\4" + bytes(600), b"\x1f\x8b\x08\0" + bytes(90),
                                      b"7z\xbc\xaf\x27\x1c" + bytes(99), b"BZh91AY&SY" + bytes(99),
                                      b"Rar!\x1a\7\0" + bytes(99), b"Rar!\x1a\7\1\0" + bytes(99),
                                      b"MSCF\0\0\0\0" + bytes(99), b"\xfd7zXZ\0" + bytes(99),
                                      b"\x28\xb5\x2f\xfd" + bytes(99), b"PK\5\6" + bytes(18),
                                      b"070701" + b"0" * 104 + bytes(99))):
        write(f"f/{number}", content)
    result = run("hunt", "--only-rules", "rules", "f")
    same(result.status, 0)
    counts = account(result.out)
    same((counts["unknown"], sum(counts.values())), (1, 13))
    same(sum("packing" in row for row in result.complaints), counts["unreadable"])
    check("f/a.json" in result.out, result)


def test_members_that_are_unknown():
    write_rule()
    write("z", zip_of([("notes.txt", b"buy milk\n" * 99), ("a.json", lines(1)), ("d/", b"")]))
    report = report_of("z")
    one_line(report, "z!notes.txt")
    same(account(report), {"read": 2, "unknown": 1})
    write("only.zip", zip_of([("notes.txt", b"buy milk\n" * 99)]))
    result = hunt("only.zip")
    same(result.status, 2)
    has_complaint(result, "nothing could be read")


def worker_of(process):
    """Its id; None where the program has ended."""
    def children():
        if process.poll() is not None:
            return ["0"]
        return children_of(process)
    return int(wait_for(children, "a worker")[0]) or None


def test_workers_that_die():
    """What was under way is set aside and named; what was whole counts, once; the rest is read."""
    write_rule()
    inner = [(f"{number}.json", lines(300)) for number in range(60)]
    write("e.zip", zip_of([(f"{number}.json", lines(400)) for number in range(60)] +
                          [("b.tar.gz", tar_of(inner, "w:gz", compresslevel=1))]))
    whole = {f"e.zip!{number}.json": 400 for number in range(60)} | {
        f"e.zip!b.tar.gz!{number}.json": 300 for number in range(60)}
    died = 0
    for milliseconds in (5, 20, 60, 130):
        process = start("hunt", "--threads", "2", "--only-rules", "rules", "--output",
                        "jsonl=o.jsonl", "e.zip")
        for _ in range(2):
            worker = worker_of(process)
            time.sleep(milliseconds / 1000)
            try:
                os.kill(worker or process.pid, signal.SIGKILL if worker else 0)
            except ProcessLookupError:
                break
            time.sleep(0.02)
        result = finish(process)
        if "before it had begun" in result.err:
            continue
        aside = [re.match(r"set aside (\S+): ", row) for row in result.complaints]
        check(all(aside), result)
        aside = {row.group(1) for row in aside}
        if "e.zip" in aside:
            continue
        died += len(aside)
        counts = account(result.out)
        same(counts.get("aside", 0), len(aside))
        if "e.zip!b.tar.gz" not in aside:
            same(counts["read"] + len(aside), 122)
        found = Counter(f["source"]["path"] for f in findings(Path("o.jsonl").read_text()))
        for path, count in whole.items():
            if "b.tar.gz" in path and "e.zip!b.tar.gz" in aside:
                continue
            check(found[path] == count or path in aside and found[path] <= count, path, found[path],
                  result)
    check(died > 0, "no worker died with a member under way")


def test_progress_counts_packed_bytes():
    write_rule()
    write("e.gz", gzip.compress(lines(2000)))
    size = os.path.getsize("e.gz")
    report = report_of("e.gz")
    check(re.search(rf"^Read .*\b{size / 1000:.1f} KB", report, re.M), size, report[:500])
    given = run("hunt", "--only-rules", "rules", "-", given=Path("e.gz").read_bytes()).out
    check(re.search(rf"^Read .*\b{size / 1000:.1f} KB", given, re.M), size, given[:500])


run_tests(globals())
