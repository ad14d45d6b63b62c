#!/usr/bin/env python3
"""Writes events of which no two share a value: what remembers values gains nothing from them.

usage: unique_values.py jsonl|evtx SOURCE OUT MEGABYTES

SOURCE holds Windows events as `seawall cat` prints them. Each text of their data gets something in
its middle that is in no other one, each number of it another value; what says which event it is
(System) stays. The first events of SOURCE are made so, and repeated with another mark in all values
of each copy until OUT has its size. The same bytes each time. EVTX has the events with named values
alone.
"""

import datetime
import json
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/tools"))
import evtx_writer  # noqa: E402

FIRST_BYTES = 8 << 20
LETTERS = 26
MARK = "~AA"  # in the middle of each text; each copy has other letters
DECIMAL_MARK = 4000  # the first digits of each number in JSON
BINARY_MARK = 0x2EA70000  # the upper half of each number in EVTX
RECORD_STEP = 1_000_000  # a tenth of a second, in FILETIME units


def letters_of(copy):
    return f"~{chr(ord('A') + copy // LETTERS % LETTERS)}{chr(ord('A') + copy % LETTERS)}"


class Values:
    """Hands out values, each once."""

    def __init__(self):
        self.count = 0

    def unique(self, value):
        if isinstance(value, dict):
            return {name: self.unique(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.unique(member) for member in value]
        if isinstance(value, bool) or value is None:
            return value
        self.count += 1
        if isinstance(value, (int, float)):
            return DECIMAL_MARK * 10**9 + self.count
        half = len(value) // 2
        return f"{value[:half]}{MARK}{self.count:07x}{value[half:]}"


def unique_events(source):
    values = Values()
    with open(source, "rb") as lines:
        for line in lines:
            event = json.loads(line)["Event"]
            for part in ("EventData", "UserData"):
                if part in event:
                    event[part] = values.unique(event[part])
            yield event


# ---- JSON lines ----


def first_lines(source):
    lines, size = [], 0
    for event in unique_events(source):
        line = json.dumps({"Event": event}, ensure_ascii=False, separators=(",", ":")) + "\n"
        lines.append(line.encode("utf-8", "surrogatepass"))
        size += len(lines[-1])
        if size >= FIRST_BYTES:
            break
    return b"".join(lines)


def write_json_lines(source, out, size):
    first, copy = first_lines(source), 0
    while out.tell() < size:
        text = first.replace(MARK.encode(), letters_of(copy).encode())
        number = f":{DECIMAL_MARK + copy}".encode()
        text = text.replace(f":{DECIMAL_MARK}".encode(), number)
        out.write(text)
        copy += 1


# ---- EVTX ----


def add_event(writer, event):
    """One event with its named values; False if its data has another form."""
    system, data = event["System"], event.get("EventData")
    if not isinstance(data, dict) or "Data" in data or not system["Channel"]:
        return False
    pairs = []
    for name, value in data.items():
        if isinstance(value, (dict, list)) or name.startswith("#"):
            return False
        if isinstance(value, int) and not isinstance(value, bool):
            value = BINARY_MARK << 32 | value % 10**9
            value = evtx_writer.typed("uint64", value)
        pairs.append((name, value))
    provider, event_id = system["Provider"]["#attributes"], system["EventID"]
    writer.add(
        provider=provider["Name"],
        provider_guid=provider.get("Guid"),
        event_id=event_id if isinstance(event_id, int) else event_id["#text"],
        channel=system["Channel"],
        computer=system["Computer"],
        version=system.get("Version") or 0,
        level=system.get("Level") or 0,
        task=system.get("Task") or 0,
        time=evtx_writer.SAMPLE_TIME,
        data=pairs,
    )
    return True


def first_chunks(source):
    writer = evtx_writer.EvtxWriter()
    for event in unique_events(source):
        add_event(writer, event)
        if len(writer.chunks) * evtx_writer.CHUNK > FIRST_BYTES:
            break
    return writer.chunks[:-1] or writer.chunks


def write_evtx(source, out, size):
    chunks = first_chunks(source)
    plain = [bytes(chunk.bytes()) for chunk in chunks]
    count, next_id = max(1, size // evtx_writer.CHUNK), 1
    now = evtx_writer.filetime(datetime.datetime(2026, 11, 1))
    mark, number = MARK.encode("utf-16-le"), struct.pack("<I", BINARY_MARK)
    out.write(evtx_writer.file_header(count, 1))
    for at in range(count):
        copy, index = divmod(at, len(chunks))
        content = plain[index].replace(mark, letters_of(copy).encode("utf-16-le"))
        content = bytearray(content.replace(number, struct.pack("<I", BINARY_MARK + copy)))
        first_id = next_id
        for record, id_at, time_at in chunks[index].records:
            now += RECORD_STEP
            struct.pack_into("<QQ", content, record + 8, next_id, now)
            struct.pack_into("<Q", content, id_at, next_id)
            struct.pack_into("<Q", content, time_at, now)
            next_id += 1
        struct.pack_into("<QQQQ", content, 8, first_id, next_id - 1, first_id, next_id - 1)
        evtx_writer.seal_chunk(content, len(chunks[index].out))
        out.write(content)
    out.seek(0)
    out.write(evtx_writer.file_header(count, next_id))


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("jsonl", "evtx"):
        sys.exit(__doc__)
    kind, source, path, megabytes = sys.argv[1:]
    with open(path, "wb") as out:
        write = write_json_lines if kind == "jsonl" else write_evtx
        write(source, out, int(megabytes) << 20)


if __name__ == "__main__":
    main()
