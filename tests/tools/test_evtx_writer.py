#!/usr/bin/env python3
"""Tests of evtx_writer.py: what it writes is looked at without any reader of event logs."""
import struct
import sys
import tempfile
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import evtx_writer as ew  # noqa: E402
import golden_evtx  # noqa: E402

SAMPLE, EXPECTED = ew.sample()
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def number(form, data, at):
    return struct.unpack_from(form, data, at)[0]


def chunks_of(data):
    return [data[at:at + ew.CHUNK] for at in range(ew.FILE_HEADER, len(data), ew.CHUNK)]


def records_of(chunk):
    """(offset, size, id) of each record; fails where one does not follow the other."""
    at, found = ew.CHUNK_HEADER, []
    while at < number("<I", chunk, 48):
        assert chunk[at:at + 4] == ew.RECORD_MAGIC, f"no record at {at}"
        size = number("<I", chunk, at + 4)
        assert number("<I", chunk, at + size - 4) == size, f"the sizes at {at} differ"
        found.append((at, size, number("<Q", chunk, at + 8)))
        at += size
    assert at == number("<I", chunk, 48), "the last record reaches over the end"
    return found


def check_file_header(data, next_id):
    chunks = (len(data) - ew.FILE_HEADER) // ew.CHUNK
    assert data[:8] == b"ElfFile\0"
    assert struct.unpack_from("<QQQIHHHH", data, 8) == (0, chunks - 1, next_id, 128, 1, 3, 4096,
                                                        chunks)
    assert number("<I", data, 120) == 0
    assert number("<I", data, 124) == zlib.crc32(data[:120])


def check_chunk(chunk):
    used = number("<I", chunk, 48)
    records = records_of(chunk)
    ids = [record_id for _, _, record_id in records]
    assert chunk[:8] == b"ElfChnk\0"
    assert struct.unpack_from("<QQQQII", chunk, 8) == (ids[0], ids[-1], ids[0], ids[-1], 128,
                                                       records[-1][0])
    assert number("<I", chunk, 52) == zlib.crc32(chunk[512:used]), "checksum of the records"
    assert number("<I", chunk, 124) == zlib.crc32(chunk[:120] + chunk[128:512])
    assert not any(chunk[used:]), "something stands in the free space"


def name_at(chunk, at):
    following, name_hash, length = struct.unpack_from("<IHH", chunk, at)
    assert chunk[at + 8 + 2 * length:at + 10 + 2 * length] == b"\0\0"
    return following, name_hash, chunk[at + 8:at + 8 + 2 * length].decode("utf-16-le")


@test
def file_header_counts_chunks_and_names_the_next_record():
    check_file_header(SAMPLE, len(EXPECTED) + 1)


@test
def chunks_have_right_checksums_and_ids():
    chunks = chunks_of(SAMPLE)
    assert len(chunks) >= 3
    for chunk in chunks:
        check_chunk(chunk)


@test
def records_are_numbered_through_and_aligned():
    records = [record for chunk in chunks_of(SAMPLE) for record in records_of(chunk)]
    assert [record_id for _, _, record_id in records] == list(range(1, len(EXPECTED) + 1))
    assert all(size % 8 == 0 for _, size, _ in records)


@test
def names_are_found_under_their_hash():
    for chunk in chunks_of(SAMPLE):
        met = set()
        for bucket in range(64):
            at = number("<I", chunk, 128 + 4 * bucket)
            while at:
                at, name_hash, name = name_at(chunk, at)
                assert name_hash == ew.name_hash(name) and name_hash % 64 == bucket
                assert name not in met, f"{name} stands twice in a chunk"
                met.add(name)
        assert {"Event", "System", "Provider", "EventID"} <= met


@test
def templates_are_found_under_their_id():
    for chunk in chunks_of(SAMPLE):
        met = set()
        for bucket in range(32):
            at = number("<I", chunk, 384 + 4 * bucket)
            while at:
                assert number("<I", chunk, at + 4) % 32 == bucket
                guid = chunk[at + 4:at + 20]
                assert guid not in met, "a template stands twice in a chunk"
                met.add(guid)
                size = number("<I", chunk, at + 20)
                assert chunk[at + 24:at + 28] == ew.FRAGMENT_HEADER
                assert chunk[at + 24 + size - 1] == 0, "a definition without an end"
                at = number("<I", chunk, at)
        assert met


@test
def a_template_is_written_once_and_then_referred_to():
    writer = ew.EvtxWriter()
    for i in range(3):
        writer.add(provider="P", event_id=1, channel="C", computer="c", time=i, data=[("A", "x")])
    chunk = chunks_of(writer.bytes())[0]
    records = records_of(chunk)
    offsets = {number("<I", chunk, at + 24 + 4 + 6) for at, _, _ in records}
    assert offsets == {records[0][0] + 24 + 4 + 10}
    assert records[1][1] == records[2][1] < records[0][1] / 2


@test
def a_new_chunk_defines_its_templates_anew():
    writer = ew.EvtxWriter()
    for i in range(2):
        writer.new_chunk()
        writer.add(provider="P", event_id=1, channel="C", computer="c", time=i, data=[("A", "x")])
    first, second = (records_of(chunk) for chunk in chunks_of(writer.bytes()))
    assert first[0][:2] == second[0][:2]


@test
def a_full_chunk_is_followed_by_another():
    writer = ew.EvtxWriter()
    for i in range(20):
        writer.add(provider="P", event_id=1, channel="C", computer="c", time=i,
                   data=[("A", "x" * 10000)])
    chunks = chunks_of(writer.bytes())
    assert [len(records_of(chunk)) for chunk in chunks] == [3] * 6 + [2]
    for chunk in chunks:
        check_chunk(chunk)


@test
def a_record_that_fits_into_no_chunk_is_refused():
    try:
        ew.EvtxWriter().add(provider="P", event_id=1, channel="C", computer="c", time=0,
                            data=[("A", "x" * 30000), ("B", "x" * 30000)])
    except ValueError:
        return
    raise AssertionError("it was taken")


@test
def values_are_encoded_as_their_type():
    pairs = [(("int8", -2), b"\xfe"), (("uint16", 258), b"\2\1"), (("bool", True), b"\1\0\0\0"),
             (("string", "é"), b"\xe9\0"), (("ansi", "é"), b"\xe9"),
             (("string[]", ["a", ""]), b"a\0\0\0\0\0"), (("uint16[]", [1, 2]), b"\1\0\2\0"),
             (("sid", "S-1-5-18"), b"\1\1\0\0\0\0\0\5\x12\0\0\0"),
             (("filetime", 0), struct.pack("<Q", 116444736000000000)), (("null", None), b"")]
    for (name, value), wanted in pairs:
        assert ew.encode(ew.typed(name, value)) == wanted, name


@test
def plain_values_get_the_type_that_suits_them():
    pairs = [("a", "string"), (True, "bool"), (7, "uint32"), (-7, "int32"), (2**40, "uint64"),
             (-2**40, "int64"), (0.5, "real64"), (b"a", "binary"), (["a"], "string[]"),
             (None, "null"), (ew.SAMPLE_GUID, "guid"), (ew.SAMPLE_TIME, "filetime")]
    for value, wanted in pairs:
        assert ew.as_typed(value).type == wanted, value


@test
def the_sample_has_every_type_of_value():
    types = {row[0] for row in ew.SAMPLE_VALUES}
    assert set(ew.TYPES) - {"binxml"} <= types


@test
def the_sample_is_the_same_every_time():
    assert ew.sample()[0] == SAMPLE


@test
def every_damage_changes_the_copy_and_what_it_says():
    for kind in ew.DAMAGES:
        damaged = ew.damage(SAMPLE, kind)
        assert damaged != SAMPLE, kind
        assert (len(damaged) == len(SAMPLE)) == (kind != "truncated"), kind


@test
def damage_of_one_record_leaves_the_others():
    for kind in ("record-size", "record-magic", "binxml"):
        damaged = ew.damage(SAMPLE, kind)
        at = ew.chunk_at(SAMPLE, 1)
        inside = [at + offset for offset, _, _ in records_of(chunks_of(SAMPLE)[1])]
        hit = inside[-1] if kind == "binxml" else inside[1]
        end = hit + number("<I", SAMPLE, hit + 4)
        assert damaged[:hit] == SAMPLE[:hit] and damaged[end:] == SAMPLE[end:], kind


@test
def a_dirty_header_states_too_few_chunks():
    damaged = ew.damage(SAMPLE, "dirty-header")
    assert number("<H", damaged, 42) < len(chunks_of(SAMPLE))
    assert number("<I", damaged, 120) == 1
    assert damaged[ew.FILE_HEADER:] == SAMPLE[ew.FILE_HEADER:]


@test
def a_dense_file_is_whole_and_varied():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dense.evtx"
        count = ew.dense(path, 3)
        data = path.read_bytes()
        ew.dense(path, 3)
        assert path.read_bytes() == data, "not the same every time"
    chunks = chunks_of(data)
    assert len(data) == ew.FILE_HEADER + (3 << 20)
    check_file_header(data, count + 1)
    ids = []
    for chunk in chunks:
        check_chunk(chunk)
        ids += [record_id for _, _, record_id in records_of(chunk)]
    assert ids == list(range(1, count + 1))
    assert chunks[0][512:] != chunks[20][512:], "a copy is the same as its model"


@test
def golden_inputs_are_those_that_are_written():
    folder = Path(__file__).parent.parent / "golden/formats/evtx"
    logs = golden_evtx.logs()
    assert {path.stem for path in folder.glob("*.in")} == set(logs)
    for name, data in logs.items():
        assert (folder / f"{name}.in").read_bytes() == data, f"{name}.in is another"


def main():
    failed = 0
    for function in TESTS:
        try:
            function()
        except Exception as error:  # every test is tried
            failed += 1
            print(f"FAILED {function.__name__}: {type(error).__name__}: {error}")
    print(f"{len(TESTS) - failed} passed, {failed} failed, 0 skipped")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
