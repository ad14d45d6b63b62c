#!/usr/bin/env python3
"""Writes Windows event logs (EVTX) for tests and examples, and damages them.

evtx_writer.py sample OUT [EXPECTED]   every type of value; EXPECTED: what it holds, as JSON lines
evtx_writer.py damage IN OUT KIND      a copy with one damage; KIND: see DAMAGES at the end
evtx_writer.py dense OUT MEGABYTES     a large file of varied events

As a module:

    writer = EvtxWriter()
    writer.add(provider="Microsoft-Windows-Security-Auditing", event_id=4624, channel="Security",
               computer="dc-01.example.internal", time=datetime(...), data=[("LogonType", 3)])
    Path("Security.evtx").write_bytes(writer.bytes())

Values are Python values or typed(NAME, value), with a name of TYPES; "string[]" is an array. None
is an absent value. `data` is a list of (name, value) pairs, or of plain values without names;
`user_data` is (element, namespace, [(name, value), ...]), where a value may be such a list again.
The format: libevtx, "Windows XML Event Log (EVTX) format"; MS-EVEN6, 2.2.12.
"""
import datetime
import hashlib
import json
import random
import re
import struct
import sys
import uuid
import zlib
from collections import namedtuple
from pathlib import Path

FILE_HEADER = 4096
CHUNK = 65536
CHUNK_HEADER = 512
RECORD_HEADER = 24
RECORD_MAGIC = b"**\0\0"
FRAGMENT_HEADER = b"\x0f\x01\x01\x00"
EVENT_NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
FILETIME_EPOCH_S = 11644473600  # from 1601 to 1970
UTC = datetime.timezone.utc

TYPES = {
    "null": 0x00, "string": 0x01, "ansi": 0x02, "int8": 0x03, "uint8": 0x04, "int16": 0x05,
    "uint16": 0x06, "int32": 0x07, "uint32": 0x08, "int64": 0x09, "uint64": 0x0a, "real32": 0x0b,
    "real64": 0x0c, "bool": 0x0d, "binary": 0x0e, "guid": 0x0f, "size": 0x10, "filetime": 0x11,
    "systemtime": 0x12, "sid": 0x13, "hex32": 0x14, "hex64": 0x15, "binxml": 0x21,
}
ARRAY = 0x80
NUMBERS = {"int8": "<b", "uint8": "<B", "int16": "<h", "uint16": "<H", "int32": "<i",
           "uint32": "<I", "int64": "<q", "uint64": "<Q", "real32": "<f", "real64": "<d",
           "bool": "<I", "size": "<Q", "hex32": "<I", "hex64": "<Q"}

typed = namedtuple("typed", "type value")
Nested = namedtuple("Nested", "template values")  # BinXML within a value
Template = namedtuple("Template", "tree guid")


# ---- values ----

def time_ns(time):
    """Nanoseconds since 1970 of a datetime (UTC if it has no zone) or of such a number."""
    if isinstance(time, int):
        return time
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    since = time - datetime.datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 10**9 + since.microseconds * 1000


def filetime(time):
    return time_ns(time) // 100 + FILETIME_EPOCH_S * 10**7


def systemtime(time):
    return struct.pack("<8H", time.year, time.month, time.isoweekday() % 7, time.day, time.hour,
                       time.minute, time.second, time.microsecond // 1000)


def sid_bytes(text):
    parts = [int(part) for part in text.split("-")[1:]]
    return (struct.pack("<BB", parts[0], len(parts) - 2) + parts[1].to_bytes(6, "big")
            + struct.pack(f"<{len(parts) - 2}I", *parts[2:]))


def as_typed(value):
    """The value with its type; a plain Python value gets the one that Windows would use."""
    if isinstance(value, (typed, Nested)):
        return value
    if value is None:
        return typed("null", None)
    if isinstance(value, bool):
        return typed("bool", value)
    if isinstance(value, int):
        if value < 0:
            return typed("int32" if value >= -2**31 else "int64", value)
        return typed("uint32" if value < 2**32 else "uint64", value)
    if isinstance(value, list):
        return typed("string[]", value)
    names = ((str, "string"), (float, "real64"), (bytes, "binary"), (uuid.UUID, "guid"),
             (datetime.datetime, "filetime"))
    for kind, name in names:
        if isinstance(value, kind):
            return typed(name, value)
    raise TypeError(f"no type of value for {value!r}")


def type_code(name):
    return TYPES[name[:-2]] | ARRAY if name.endswith("[]") else TYPES[name]


def encode(value):
    """The bytes of a typed value that is not nested."""
    name, content = value
    if name.endswith("[]"):
        if name in ("string[]", "ansi[]"):
            return b"".join(encode(typed(name[:-2], text + "\0")) for text in content)
        return b"".join(encode(typed(name[:-2], member)) for member in content)
    if name in NUMBERS:
        return struct.pack(NUMBERS[name], content)
    if name == "string":
        return content.encode("utf-16-le", "surrogatepass")
    if name == "ansi":
        return content.encode("cp1252")
    if name == "guid":
        return uuid.UUID(str(content)).bytes_le
    if name == "filetime":
        return struct.pack("<Q", filetime(content))
    if name == "systemtime":
        return systemtime(content)
    if name == "sid":
        return sid_bytes(content)
    return b"" if name == "null" else bytes(content)


# ---- templates: trees of ("element", name, attributes, children), texts and substitutions ----

Element = namedtuple("Element", "name attributes children")
Substitution = namedtuple("Substitution", "index type optional")


def element(name, *children, **attributes):
    return Element(name, tuple(attributes.items()), children)


def optional(index, type_name):
    return Substitution(index, type_name, True)


def normal(index, type_name):
    return Substitution(index, type_name, False)


def template(tree):
    """A template whose GUID follows from what it holds."""
    return Template(tree, hashlib.sha256(repr(tree).encode()).digest()[:16])


class Templates:
    """The templates of events, made once for each form."""

    def __init__(self):
        self.made = {}

    def get(self, maker, *form):
        key = (maker, *form)
        if key not in self.made:
            self.made[key] = template(maker(*form))
        return self.made[key]


def event_tree(provider, provider_guid, channel, computer, body):
    """`body`: "nested" for EventData or UserData of their own template, else a tree."""
    names = {"Name": provider}
    if provider_guid:
        names["Guid"] = provider_guid
    return element(
        "Event",
        element(
            "System",
            element("Provider", **names),
            element("EventID", normal(3, "uint16"), Qualifiers=optional(4, "uint16")),
            element("Version", optional(11, "uint8")),
            element("Level", optional(0, "uint8")),
            element("Task", optional(2, "uint16")),
            element("Opcode", optional(1, "uint8")),
            element("Keywords", optional(5, "hex64")),
            element("TimeCreated", SystemTime=optional(6, "filetime")),
            element("EventRecordID", optional(10, "uint64")),
            element("Correlation", ActivityID=optional(7, "guid"),
                    RelatedActivityID=optional(13, "guid")),
            element("Execution", ProcessID=optional(8, "uint32"), ThreadID=optional(9, "uint32")),
            element("Channel", channel),
            element("Computer", computer),
            element("Security", UserID=optional(12, "sid"))),
        *((optional(14, "binxml"),) if body == "nested" else body),
        xmlns=EVENT_NAMESPACE)


def event_data_tree(form):
    return element("EventData", *(element("Data", optional(i, type_name), Name=name)
                                  for i, (name, type_name) in enumerate(form)))


def unnamed_body(form):
    """What classic sources write: texts without names in the event's own template."""
    return (element("EventData", *(element("Data", optional(14 + i, type_name))
                                   for i, type_name in enumerate(form))),)


def user_data_tree(name, namespace, form):
    counter = [0]

    def member(name, inside):
        if isinstance(inside, tuple):
            return element(name, *(member(*pair) for pair in inside))
        counter[0] += 1
        return element(name, optional(counter[0] - 1, inside))

    attributes = {"xmlns": namespace} if namespace else {}
    return element("UserData",
                   element(name, *(member(*pair) for pair in form), **attributes))


def user_form(members, values):
    """The form of nested user data; its values are appended in order."""
    form = []
    for name, value in members:
        if isinstance(value, list) and value and isinstance(value[0], tuple):
            form.append((name, user_form(value, values)))
        else:
            values.append(as_typed(value))
            form.append((name, template_type(values[-1])))
    return tuple(form)


def template_type(value):
    """An absent value stands where a text would."""
    return "string" if value.type == "null" else value.type


# ---- chunks ----

class ChunkFull(Exception):
    pass


def name_hash(name):
    value = 0
    for unit in struct.unpack(f"<{len(name.encode('utf-16-le')) // 2}H", name.encode("utf-16-le")):
        value = (value * 65599 + unit) & 0xffffffff
    return value & 0xffff


class Chunk:
    """One chunk of 64 KiB that is filled record by record."""

    def __init__(self):
        self.out = bytearray(CHUNK_HEADER)
        self.names = {}
        self.templates = {}
        self.name_heads = [0] * 64
        self.template_heads = [0] * 32
        self.definitions = []  # [start, end) of each template definition
        self.records = []      # (offset, offset of the id's value, offset of the time's value)

    def u8(self, value):
        self.out.append(value)

    def u16(self, value):
        self.out += struct.pack("<H", value)

    def u32(self, value):
        self.out += struct.pack("<I", value)

    def hole(self):
        """Room for a size that is not known yet."""
        self.u32(0)
        return len(self.out)

    def fill(self, hole):
        struct.pack_into("<I", self.out, hole - 4, len(self.out) - hole)

    def put_name(self, name):
        """The offset of a name; the name itself where it is the first such in the chunk."""
        if name in self.names:
            self.u32(self.names[name])
            return
        at = len(self.out) + 4
        bucket = name_hash(name) % 64
        self.u32(at)
        self.u32(self.name_heads[bucket])
        self.u16(name_hash(name))
        units = name.encode("utf-16-le")
        self.u16(len(units) // 2)
        self.out += units + b"\0\0"
        self.names[name] = self.name_heads[bucket] = at

    def put_content(self, content):
        if isinstance(content, Element):
            self.put_element(content)
        elif isinstance(content, Substitution):
            self.u8(0x0e if content.optional else 0x0d)
            self.u16(content.index)
            self.u8(type_code(content.type))
        else:
            units = content.encode("utf-16-le")
            self.u8(0x05)
            self.u8(TYPES["string"])
            self.u16(len(units) // 2)
            self.out += units

    def put_element(self, tree):
        self.u8(0x41 if tree.attributes else 0x01)
        self.u16(0xffff)  # depends on no substitution
        size = self.hole()
        self.put_name(tree.name)
        if tree.attributes:
            attributes_size = self.hole()
            for i, (name, value) in enumerate(tree.attributes):
                self.u8(0x46 if i + 1 < len(tree.attributes) else 0x06)
                self.put_name(name)
                self.put_content(value)
            self.fill(attributes_size)
        if tree.children:
            self.u8(0x02)
            for child in tree.children:
                self.put_content(child)
            self.u8(0x04)
        else:
            self.u8(0x03)
        self.fill(size)

    def put_definition(self, made):
        at = len(self.out)
        bucket = struct.unpack("<I", made.guid[:4])[0] % 32
        self.u32(self.template_heads[bucket])
        self.out += made.guid
        size = self.hole()
        self.out += FRAGMENT_HEADER
        self.put_element(made.tree)
        self.u8(0x00)
        self.fill(size)
        self.templates[made] = self.template_heads[bucket] = at
        self.definitions.append((at, len(self.out)))

    def put_instance(self, made, values):
        """A template instance and its values; gives the offset of each value."""
        self.out += FRAGMENT_HEADER + b"\x0c\x01" + made.guid[:4]
        known = self.templates.get(made)
        self.u32(known or len(self.out) + 4)
        if not known:
            self.put_definition(made)
        self.u32(len(values))
        table = len(self.out)
        self.out += bytes(4 * len(values))
        offsets = []
        for i, value in enumerate(values):
            offsets.append(len(self.out))
            if isinstance(value, Nested):
                code = TYPES["binxml"]
                self.put_instance(*value)
            else:
                code = type_code(value.type)
                self.out += encode(value)
            size = len(self.out) - offsets[-1]
            if size > 0xffff:
                raise ValueError("a value has more than 65,535 bytes")
            struct.pack_into("<HBB", self.out, table + 4 * i, size, code, 0)
        self.u8(0x00)
        return offsets

    def add(self, record_id, time, made, values):
        before = (len(self.out), dict(self.names), dict(self.templates), list(self.name_heads),
                  list(self.template_heads), list(self.definitions))
        at = before[0]
        self.out += RECORD_MAGIC + struct.pack("<IQQ", 0, record_id, filetime(time))
        offsets = self.put_instance(made, values)
        self.out += bytes(-(len(self.out) - at + 4) % 8)
        size = len(self.out) - at + 4
        self.u32(size)
        struct.pack_into("<I", self.out, at + 4, size)
        if len(self.out) > CHUNK:
            del self.out[at:]
            (_, self.names, self.templates, self.name_heads, self.template_heads,
             self.definitions) = before
            raise ChunkFull
        self.records.append((at, offsets[10], offsets[6]))

    def bytes(self):
        out = self.out + bytes(CHUNK - len(self.out))
        ids = [struct.unpack_from("<Q", out, at + 8)[0] for at, _, _ in self.records]
        struct.pack_into("<8sQQQQIII", out, 0, b"ElfChnk\0", ids[0], ids[-1], ids[0], ids[-1], 128,
                         self.records[-1][0], len(self.out))
        struct.pack_into("<64I32I", out, 128, *self.name_heads, *self.template_heads)
        seal_chunk(out, len(self.out))
        return bytes(out)


def seal_chunk(chunk, used):
    """Sets both checksums."""
    view = memoryview(chunk)
    struct.pack_into("<I", chunk, 52, zlib.crc32(view[CHUNK_HEADER:used]))
    struct.pack_into("<I", chunk, 124, zlib.crc32(view[128:512], zlib.crc32(view[:120])))


def file_header(chunk_count, next_record_id, flags=0):
    out = bytearray(FILE_HEADER)
    struct.pack_into("<8sQQQIHHHH", out, 0, b"ElfFile\0", 0, max(chunk_count, 1) - 1,
                     next_record_id, 128, 1, 3, FILE_HEADER, chunk_count & 0xffff)
    struct.pack_into("<II", out, 120, flags, zlib.crc32(out[:120]))
    return bytes(out)


# ---- the writer ----

class EvtxWriter:
    def __init__(self):
        self.chunks = []
        self.forms = Templates()
        self.next_id = 1

    def new_chunk(self):
        """What follows goes into a new chunk."""
        self.chunks.append(Chunk())

    def body(self, data, user_data):
        """The body's form, and the values from number 14 on."""
        if user_data is not None:
            name, namespace, members = user_data
            values = []
            form = user_form(members, values)
            made = self.forms.get(user_data_tree, name, namespace, form)
            return "nested", [Nested(made, values)]
        values = list(data or [])
        if not values:
            return (), []
        if isinstance(values[0], tuple) and not isinstance(values[0], typed):
            pairs = [(name, as_typed(value)) for name, value in values]
            form = tuple((name, template_type(value)) for name, value in pairs)
            made = self.forms.get(event_data_tree, form)
            return "nested", [Nested(made, [value for _, value in pairs])]
        values = [as_typed(value) for value in values]
        return unnamed_body(tuple(template_type(value) for value in values)), values

    def add(self, *, provider, event_id, channel, computer, time, record_id=None, level=0, task=0,
            opcode=0, keywords=0x8000000000000000, version=0, qualifiers=None, process_id=4,
            thread_id=8, user_sid=None, activity_id=None, provider_guid=None, data=None,
            user_data=None):
        """Adds one event; gives its record id."""
        record_id = self.next_id if record_id is None else record_id
        body, more = self.body(data, user_data)
        made = self.forms.get(event_tree, provider, provider_guid, channel, computer, body)

        def may_be(type_name, value):
            return typed(type_name, value) if value is not None else typed("null", None)

        values = [typed("uint8", level), typed("uint8", opcode), typed("uint16", task),
                  typed("uint16", event_id), may_be("uint16", qualifiers),
                  typed("hex64", keywords), typed("filetime", time), may_be("guid", activity_id),
                  typed("uint32", process_id), typed("uint32", thread_id),
                  typed("uint64", record_id), typed("uint8", version), may_be("sid", user_sid),
                  typed("null", None)] + more
        if not self.chunks:
            self.new_chunk()
        try:
            self.chunks[-1].add(record_id, time, made, values)
        except ChunkFull:
            if not self.chunks[-1].records:
                raise ValueError("a record does not fit into a chunk") from None
            self.new_chunk()
            self.chunks[-1].add(record_id, time, made, values)
        self.next_id = record_id + 1
        return record_id

    def bytes(self):
        full = [chunk for chunk in self.chunks if chunk.records]
        return file_header(len(full), self.next_id) + b"".join(chunk.bytes() for chunk in full)


# ---- sample ----

SAMPLE_TIME = datetime.datetime(2026, 9, 1, 8, 30, 0, 123456, UTC)
SAMPLE_GUID = uuid.UUID("5770385f-c22a-43e0-bf4c-06f5698ffbd9")
SAMPLE_SID = "S-1-5-21-1004336348-1177238915-682003330-512"
SAMPLE_VALUES = [  # type, value, and the text that it is (where str() does not say it)
    ("string", "plain", "plain"), ("string", "", ""), ("string", "Grüße, 世界 😀 <&>\"'"),
    ("ansi", "café"), ("int8", -128), ("int8", 127), ("uint8", 255), ("int16", -32768),
    ("uint16", 65535), ("int32", -2147483648), ("uint32", 4294967295),
    ("int64", -9223372036854775808), ("uint64", 18446744073709551615),
    ("real32", 1.5, "1.5"), ("real64", -0.25, "-0.25"), ("bool", True, "true"),
    ("bool", False, "false"), ("binary", b"\x00\x01\xab\xff", "0001ABFF"),
    ("guid", SAMPLE_GUID, "5770385F-C22A-43E0-BF4C-06F5698FFBD9"), ("size", 0x1234, "0x1234"),
    ("filetime", SAMPLE_TIME, "2026-09-01T08:30:00.123456Z"),
    ("systemtime", SAMPLE_TIME, "2026-09-01T08:30:00.123000Z"), ("sid", SAMPLE_SID, SAMPLE_SID),
    ("sid", "S-1-5-18", "S-1-5-18"), ("hex32", 0x1f4, "0x1f4"),
    ("hex64", 0x8020000000000000, "0x8020000000000000"), ("null", None, None),
    ("string[]", ["one", "two", "three"], ["one", "two", "three"]),
    ("uint16[]", [1, 2, 65535], ["1", "2", "65535"]),
    ("uint32[]", [7, 4294967295], ["7", "4294967295"]),
    ("uint64[]", [8, 2**64 - 1], ["8", "18446744073709551615"]),
    ("hex32[]", [16, 255], ["0x10", "0xff"]),
    ("guid[]", [SAMPLE_GUID], ["5770385F-C22A-43E0-BF4C-06F5698FFBD9"]),
    ("int8[]", [-1, 1], ["-1", "1"]), ("uint8[]", [1, 255], ["1", "255"]),
    ("int16[]", [-1, 1], ["-1", "1"]), ("int32[]", [-1, 1], ["-1", "1"]),
    ("int64[]", [-1, 1], ["-1", "1"]), ("hex64[]", [1, 2**63], ["0x1", "0x8000000000000000"]),
    ("real64[]", [0.5, 2.25], ["0.5", "2.25"]),
    ("real32[]", [0.5, 2.25], ["0.5", "2.25"]),
    ("filetime[]", [SAMPLE_TIME], ["2026-09-01T08:30:00.123456Z"]),
    ("systemtime[]", [SAMPLE_TIME], ["2026-09-01T08:30:00.123000Z"]),
]


def sample_events():
    """(what writer.add takes, what a reader should tell) of each event; None: a new chunk."""
    base = {"computer": "host-01.example.internal", "process_id": 700, "thread_id": 704}
    own = {**base, "provider": "Seawall-Test", "channel": "Seawall-Test/Operational"}
    events = []
    for i, row in enumerate(SAMPLE_VALUES):
        text = row[2] if len(row) > 2 else str(row[1])
        data = [("Number", i), ("Type", row[0]), ("Value", typed(row[0], row[1]))]
        told = {"Number": str(i), "Type": row[0], "Value": text}
        events.append(({**own, "event_id": 100 + i, "data": data}, told))
        if i % 12 == 11:
            events.append(None)
    everything = [(f"V{i:02}", typed(row[0], row[1])) for i, row in enumerate(SAMPLE_VALUES)]
    told = {f"V{i:02}": row[2] if len(row) > 2 else str(row[1])
            for i, row in enumerate(SAMPLE_VALUES)}
    events.append(({**own, "event_id": 200, "data": everything}, told))
    events.append(None)
    events.append(({**own, "event_id": 201}, {}))  # no data at all
    classic = {**base, "provider": "Seawall-Classic", "channel": "Application",
               "keywords": 0x80000000000000, "qualifiers": 16384}
    events.append(({**classic, "event_id": 300, "data": [["first", "second", ""]]},
                   {"Data": ["first", "second", ""]}))
    events.append(({**classic, "event_id": 301, "data": ["first", "second"]},
                   {"Data": ["first", "second"]}))
    cleared = [("SubjectUserSid", typed("sid", SAMPLE_SID)), ("SubjectUserName", "helpdesk1"),
               ("SubjectDomainName", "EXAMPLE"), ("SubjectLogonId", typed("hex64", 0x3e7))]
    events.append(({**base, "provider": "Microsoft-Windows-Eventlog", "event_id": 1102,
                    "channel": "Security", "level": 4, "task": 104,
                    "user_data": ("LogFileCleared",
                                  "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
                                  cleared)},
                   {"SubjectUserSid": SAMPLE_SID, "SubjectUserName": "helpdesk1",
                    "SubjectDomainName": "EXAMPLE", "SubjectLogonId": "0x3e7"}))
    events.append(({**own, "event_id": 302,
                    "user_data": ("Report", None, [("Kind", "nested"), ("Inner", [("Depth", 2)])])},
                   {"Kind": "nested", "Depth": "2"}))
    for i in range(8):  # the same form again and again, now and then with values missing
        data = [("TargetUserName", f"user{i}"), ("LogonType", typed("uint32", 3)),
                ("IpAddress", None if i % 2 else f"192.0.2.{i}")]
        told = {"TargetUserName": f"user{i}", "LogonType": "3",
                "IpAddress": None if i % 2 else f"192.0.2.{i}"}
        events.append(({**base, "provider": "Microsoft-Windows-Security-Auditing",
                        "provider_guid": "{54849625-5478-4994-a5ba-3e3b0328c30d}",
                        "event_id": 4624, "channel": "Security", "task": 12544, "version": 2,
                        "keywords": 0x8020000000000000, "user_sid": SAMPLE_SID if i % 3 else None,
                        "activity_id": SAMPLE_GUID if i % 4 == 0 else None, "data": data}, told))
    return events


def sample():
    """The bytes of the sample, and its events as a list of dictionaries."""
    writer = EvtxWriter()
    expected = []
    for i, event in enumerate(sample_events()):
        if event is None:
            writer.new_chunk()
            continue
        arguments, told = event
        time = SAMPLE_TIME + datetime.timedelta(seconds=i, microseconds=i)
        record_id = writer.add(time=time, **arguments)
        expected.append({"record": record_id, "time": time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                         **{key: arguments[key] for key in
                            ("provider", "event_id", "channel", "computer")}, "data": told})
    return writer.bytes(), expected


# ---- damage ----

def chunk_at(out, number):
    at = FILE_HEADER + number * CHUNK
    if at + CHUNK > len(out):
        raise ValueError("the file has too few chunks")
    return at


def record_offsets(out, chunk):
    at, found = chunk + CHUNK_HEADER, []
    used = struct.unpack_from("<I", out, chunk + 48)[0]
    while at < chunk + used and out[at:at + 4] == RECORD_MAGIC:
        found.append(at)
        at += struct.unpack_from("<I", out, at + 4)[0]
    return found


def damage_chunk_header(out):
    at = chunk_at(out, 1)
    out[at + 8:at + 128] = random.Random(1).randbytes(120)


def damage_chunk_magic(out):
    at = chunk_at(out, 1)
    out[at:at + 8] = b"\x55" * 8


def damage_record_size(out):
    at = record_offsets(out, chunk_at(out, 1))[1]
    struct.pack_into("<I", out, at + 4, 0x7fffffff)


def damage_record_magic(out):
    at = record_offsets(out, chunk_at(out, 1))[1]
    out[at:at + 4] = b"\xde\xad\xbe\xef"


def damage_truncated(out):
    last = record_offsets(out, len(out) - CHUNK)
    del out[last[len(last) // 2] + 40:]


def damage_dirty_header(out):
    chunks = struct.unpack_from("<H", out, 42)[0]
    struct.pack_into("<Q", out, 16, 0)
    struct.pack_into("<H", out, 42, max(1, chunks // 2))
    struct.pack_into("<I", out, 120, 1)


def damage_binxml(out):
    """The last record of the chunk, which no other needs."""
    at = record_offsets(out, chunk_at(out, 1))[-1]
    size = struct.unpack_from("<I", out, at + 4)[0]
    out[at + RECORD_HEADER:at + size - 4] = b"\xff" * (size - 4 - RECORD_HEADER)


def damage_zero_chunk(out):
    at = chunk_at(out, 1)
    out[at:at + CHUNK] = bytes(CHUNK)


DAMAGES = {
    "chunk-header": damage_chunk_header,  # the magic stays, the rest of the header is noise
    "chunk-magic": damage_chunk_magic,    # the chunk is no longer known as one
    "record-size": damage_record_size,    # the second record of the second chunk
    "record-magic": damage_record_magic,  # the same one
    "truncated": damage_truncated,        # in the middle of a record of the last chunk
    "dirty-header": damage_dirty_header,  # half the chunks, the flag, and the old checksum
    "binxml": damage_binxml,              # the content of the second chunk's last record
    "zero-chunk": damage_zero_chunk,      # the second chunk
}


def damage(data, kind):
    out = bytearray(data)
    DAMAGES[kind](out)
    return bytes(out)


# ---- dense ----

IMAGES = [r"C:\Windows\System32\svchost.exe", r"C:\Windows\System32\taskhostw.exe",
          r"C:\Windows\System32\cmd.exe", r"C:\Windows\System32\conhost.exe",
          r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
          r"C:\Program Files\Agent\agent.exe", r"C:\Windows\explorer.exe",
          r"C:\Program Files\Updater\updater.exe", r"C:\Windows\System32\wbem\WmiPrvSE.exe",
          r"C:\Windows\System32\rundll32.exe", r"C:\Windows\System32\services.exe"]
USERS = ["helpdesk1", "helpdesk2", "svc-backup", "svc-web", "operator1", "operator2", "SYSTEM"]
SECURITY = {"provider": "Microsoft-Windows-Security-Auditing", "channel": "Security",
            "provider_guid": "{54849625-5478-4994-a5ba-3e3b0328c30d}",
            "keywords": 0x8020000000000000}
SYSMON = {"provider": "Microsoft-Windows-Sysmon", "level": 4, "user_sid": "S-1-5-18",
          "provider_guid": "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
          "channel": "Microsoft-Windows-Sysmon/Operational"}


def dense_file_name(rng):
    stem = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randrange(4, 14)))
    return f"{stem}{rng.randrange(10**6)}.{rng.choice(['tmp', 'dll', 'log', 'dat', 'exe'])}"


def dense_process(rng, user, image):
    parent = rng.choice(IMAGES)
    return {**SYSMON, "event_id": 1, "task": 1, "version": 5, "data": [
        ("RuleName", "-"), ("UtcTime", f"2026-09-01 08:30:00.{rng.randrange(1000):03}"),
        ("ProcessGuid", typed("guid", uuid.UUID(int=rng.getrandbits(128)))),
        ("ProcessId", rng.randrange(400, 30000)), ("Image", image),
        ("FileVersion", f"10.0.{rng.randrange(10000, 30000)}.{rng.randrange(2000)}"),
        ("Description", "-"), ("Product", "-"), ("Company", "-"),
        ("OriginalFileName", image.rsplit("\\", 1)[1]),
        ("CommandLine", f'"{image}" -task {rng.randrange(10**6):06} -out {dense_file_name(rng)}'),
        ("CurrentDirectory", "C:\\Windows\\system32\\"), ("User", f"EXAMPLE\\{user}"),
        ("LogonGuid", typed("guid", uuid.UUID(int=rng.getrandbits(128)))),
        ("LogonId", typed("hex64", rng.getrandbits(32))), ("TerminalSessionId", rng.randrange(4)),
        ("IntegrityLevel", rng.choice(["Medium", "High", "System"])),
        ("Hashes", f"SHA256={rng.getrandbits(256):064X}"),
        ("ParentProcessGuid", typed("guid", uuid.UUID(int=rng.getrandbits(128)))),
        ("ParentProcessId", rng.randrange(400, 30000)), ("ParentImage", parent),
        ("ParentCommandLine", f'"{parent}" -p -s {rng.randrange(10**6):06}'),
        ("ParentUser", f"EXAMPLE\\{user}")]}


def dense_event(rng):
    user, image = rng.choice(USERS), rng.choice(IMAGES)
    logon = typed("hex64", rng.getrandbits(32))
    address = f"192.0.2.{rng.randrange(1, 255)}"
    kind = rng.randrange(8)
    if kind <= 1:
        return dense_process(rng, user, image)
    if kind == 2:
        return {**SECURITY, "event_id": 4624, "task": 12544, "version": 2, "data": [
            ("SubjectUserSid", typed("sid", "S-1-0-0")), ("SubjectUserName", "-"),
            ("SubjectDomainName", "-"), ("SubjectLogonId", typed("hex64", 0)),
            ("TargetUserSid", typed("sid", f"S-1-5-21-1-2-3-{rng.randrange(1000, 9999)}")),
            ("TargetUserName", user), ("TargetDomainName", "EXAMPLE"), ("TargetLogonId", logon),
            ("LogonType", typed("uint32", rng.choice([2, 3, 3, 3, 5, 7]))),
            ("LogonProcessName", "Kerberos"), ("AuthenticationPackageName", "Kerberos"),
            ("WorkstationName", f"ws-{rng.randrange(10**6):06}"), ("IpAddress", address),
            ("IpPort", str(rng.randrange(10000, 65000)))]}
    if kind == 3:
        return {**SECURITY, "event_id": 4688, "task": 13312, "version": 2, "data": [
            ("SubjectUserSid", typed("sid", "S-1-5-18")), ("SubjectUserName", user),
            ("SubjectDomainName", "EXAMPLE"), ("SubjectLogonId", logon),
            ("NewProcessId", typed("hex64", rng.randrange(400, 30000))), ("NewProcessName", image),
            ("TokenElevationType", "%%1936"),
            ("ProcessId", typed("hex64", rng.randrange(400, 30000))),
            ("CommandLine", f"{image} /job {rng.randrange(10**7):07} {dense_file_name(rng)}"),
            ("ParentProcessName", rng.choice(IMAGES)),
            ("MandatoryLabel", typed("sid", "S-1-16-8192"))]}
    if kind == 4:
        return {**SECURITY, "event_id": 5145, "task": 12811, "data": [
            ("SubjectUserName", user), ("SubjectLogonId", logon), ("ObjectType", "File"),
            ("IpAddress", address), ("IpPort", str(rng.randrange(10000, 65000))),
            ("ShareName", r"\\*\projects"), ("RelativeTargetName", dense_file_name(rng)),
            ("AccessMask", typed("hex32", 0x120089))]}
    if kind == 5:
        return {**SYSMON, "event_id": 3, "task": 3, "version": 5, "data": [
            ("UtcTime", "2026-09-01 08:30:00.000"), ("ProcessId", rng.randrange(400, 30000)),
            ("Image", image), ("User", f"EXAMPLE\\{user}"), ("Protocol", "tcp"),
            ("Initiated", True), ("SourceIsIpv6", False), ("SourceIp", address),
            ("SourcePort", typed("uint16", rng.randrange(1024, 65536))),
            ("DestinationIp", f"198.51.100.{rng.randrange(1, 255)}"),
            ("DestinationHostname", f"host-{rng.randrange(10**6):06}.example.net"),
            ("DestinationPort", typed("uint16", rng.choice([80, 443, 445, 8443])))]}
    if kind == 6:
        return {**SYSMON, "event_id": 11, "task": 11, "version": 2, "data": [
            ("UtcTime", "2026-09-01 08:30:00.000"), ("ProcessId", rng.randrange(400, 30000)),
            ("Image", image), ("User", f"EXAMPLE\\{user}"),
            ("TargetFilename", f"C:\\Users\\{user}\\AppData\\Local\\Temp\\{dense_file_name(rng)}")]}
    return {"provider": "Service Control Manager", "channel": "System", "event_id": 7036,
            "qualifiers": 16384, "level": 4,
            "data": [("param1", f"Worker {rng.randrange(10**6):06}"),
                     ("param2", rng.choice(["running", "stopped"]))]}


def dense_chunks(count, rng):
    """Full chunks of varied events, each with the places that a copy changes."""
    writer = EvtxWriter()
    while len(writer.chunks) <= count:
        writer.add(computer=f"host-{rng.randrange(40):02}.example.internal", time=SAMPLE_TIME,
                   **dense_event(rng))
    for chunk in writer.chunks[:count]:
        digits = []
        for match in re.finditer(rb"(?:[0-9]\0){5,}", bytes(chunk.out)):
            if not any(start <= match.start() < end for start, end in chunk.definitions):
                digits.append((match.start(), match.end(), (match.end() - match.start()) // 2))
        yield bytearray(chunk.bytes()), chunk, digits


def dense(path, megabytes, seed=1):
    """Writes the file; gives the number of records."""
    rng = random.Random(seed)
    models = list(dense_chunks(20, rng))
    count = max(1, (megabytes << 20) // CHUNK)
    next_id, now = 1, filetime(SAMPLE_TIME)
    with open(path, "wb") as file:
        file.write(file_header(count, 1))
        for number in range(count):
            out, chunk, digits = models[number % len(models)]
            first_id = next_id
            for at, id_at, time_at in chunk.records:
                now += rng.randrange(1, 20_000_000)
                struct.pack_into("<QQ", out, at + 8, next_id, now)
                struct.pack_into("<Q", out, id_at, next_id)
                struct.pack_into("<Q", out, time_at, now)
                next_id += 1
            noise = "".join(map(str, rng.choices(range(10), k=4096))).encode("utf-16-le")
            for start, end, length in digits:
                at = 2 * rng.randrange(4096 - length)
                out[start:end] = noise[at:at + 2 * length]
            struct.pack_into("<QQQQ", out, 8, first_id, next_id - 1, first_id, next_id - 1)
            seal_chunk(out, len(chunk.out))
            file.write(out)
        file.seek(0)
        file.write(file_header(count, next_id))
    return next_id - 1


# ---- command line ----

def main(arguments):
    if len(arguments) in (2, 3) and arguments[0] == "sample":
        content, expected = sample()
        Path(arguments[1]).write_bytes(content)
        if len(arguments) == 3:
            Path(arguments[2]).write_text("".join(json.dumps(row) + "\n" for row in expected))
        print(f"{arguments[1]}: {len(expected)} records")
    elif len(arguments) == 4 and arguments[0] == "damage" and arguments[3] in DAMAGES:
        content = Path(arguments[1]).read_bytes()
        Path(arguments[2]).write_bytes(damage(content, arguments[3]))
    elif len(arguments) == 3 and arguments[0] == "dense" and arguments[2].isdigit():
        print(f"{arguments[1]}: {dense(arguments[1], int(arguments[2]))} records")
    else:
        print(__doc__ + "\nkinds of damage: " + ", ".join(DAMAGES), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
