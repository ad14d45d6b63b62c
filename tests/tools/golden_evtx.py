#!/usr/bin/env python3
"""Writes the event logs of tests/golden/formats/evtx: golden_evtx.py FOLDER.

values    every type of value, bodies of every kind, values within values
records   one chunk whose header is out of date, with broken, unclosed and stale records
chunks    a chunk with a damaged header, one that is lost, one that is cut off

Free space at the end of a file is left out, which is no damage.
"""
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from evtx_writer import (CHUNK, CHUNK_HEADER, FILE_HEADER, RECORD_HEADER,  # noqa: E402
                         SAMPLE_TIME, SAMPLE_VALUES, EvtxWriter, Nested, as_typed, chunk_at,
                         damage, element, event_tree, optional, record_offsets, sample_events,
                         template, typed)

BASE = {"provider": "Seawall-Test", "channel": "Seawall-Test/Operational",
        "computer": "host-01.example.internal", "time": SAMPLE_TIME}
BODIES = (201, 300, 301, 302, 1102)  # ids of the sample's events with bodies of other kinds
PEOPLE = 4624


def trimmed(data):
    last = len(data) - CHUNK
    return data[:last + struct.unpack_from("<I", data, last + 48)[0]]


def add_tree(writer, event_id, body, values):
    """An event whose template has these trees for a body; its values count from 14 on."""
    made = template(event_tree(BASE["provider"], None, BASE["channel"], BASE["computer"], body))
    system = [typed("null", None)] * 14
    system[3] = typed("uint16", event_id)
    system[6] = typed("filetime", SAMPLE_TIME)
    system[10] = typed("uint64", writer.next_id)
    writer.chunks[-1].add(writer.next_id, SAMPLE_TIME, made, system + values)
    writer.next_id += 1


def add_values_within_values(writer):
    inner = template(element("Data", optional(0, "string"), Name="Innermost"))
    middle = template(element("EventData", element("Data", "before", Name="Middle"),
                              optional(0, "binxml"), element("Data", "behind")))
    add_tree(writer, 400, "nested", [Nested(middle, [Nested(inner, [as_typed("three deep")])])])


def add_texts_and_values(writer):
    trees = (element("EventData",
                     element("Data", "port ", optional(14, "uint16"), ", ", optional(15, "string"),
                             Name="Sentence"),
                     element("Data", optional(14, "uint16"), Name=optional(15, "string")),
                     element("Data", "again", Name="Sentence"),
                     element("Path", "C:\\", state=optional(15, "string")),
                     xmlns="urn:example"),)
    add_tree(writer, 401, trees, [typed("uint16", 443), as_typed("open")])


def values():
    writer = EvtxWriter()
    everything = [(f"{i:02}-{name}", typed(name, value))
                  for i, (name, value, *_) in enumerate(SAMPLE_VALUES)]
    writer.add(event_id=200, data=everything, **BASE)
    people = 0
    for event in sample_events():
        if event is None:
            continue
        arguments = event[0]
        people += arguments["event_id"] == PEOPLE
        if arguments["event_id"] in BODIES or (arguments["event_id"] == PEOPLE and people <= 2):
            writer.add(time=SAMPLE_TIME, **arguments)
    writer.add(event_id=303, data=[["one", "two"], "three", None, ""], **BASE)
    writer.add(event_id=304, data=[("Threat Name", "a name with a blank")], **BASE)
    add_values_within_values(writer)
    add_texts_and_values(writer)
    return writer.bytes()


def numbered(writer, count):
    for _ in range(count):
        writer.add(event_id=1, data=[("Number", writer.next_id)], **BASE)


def records():
    writer = EvtxWriter()
    numbered(writer, 11)
    out = bytearray(damage(writer.bytes(), "dirty-header"))
    chunk = chunk_at(out, 0)
    at = dict(enumerate(record_offsets(out, chunk), 1))
    end = struct.unpack_from("<I", out, chunk + 48)[0]
    out[at[2]:at[2] + 4] = b"\xde\xad\xbe\xef"                # no record
    struct.pack_into("<I", out, at[4] + 4, 0x7fffffff)        # no size
    out[at[6] + RECORD_HEADER + 4] = 0x1f                     # no BinXML
    out[at[7] + 4] += 8                                       # a size that reaches too far
    struct.pack_into("<Q", out, chunk + 32, 9)                # the header was written before 10,
    struct.pack_into("<Q", out, chunk + 16, 9)
    struct.pack_into("<I", out, chunk + 48, at[10] - chunk)
    struct.pack_into("<Q", out, at[11] + 8, 3)                # and what is behind 10 is older
    return out[:chunk + end]


def chunks():
    writer = EvtxWriter()
    for _ in range(3):
        writer.new_chunk()
        numbered(writer, 3)
    out = bytearray(writer.bytes())
    lost, cut = chunk_at(out, 1), chunk_at(out, 2)
    out[FILE_HEADER + 8:FILE_HEADER + 128] = b"\xff" * 120    # nothing but its mark
    out[lost:lost + CHUNK_HEADER + 4] = b"\x55" * (CHUNK_HEADER + 4)
    return out[:record_offsets(out, cut)[1] + 50]


def logs():
    return {"values": trimmed(values()), "records": bytes(records()), "chunks": bytes(chunks())}


def main(arguments):
    if len(arguments) != 1:
        print(__doc__)
        return 1
    for name, data in logs().items():
        (Path(arguments[0]) / f"{name}.in").write_bytes(data)
        print(f"{name}.in: {len(data)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
