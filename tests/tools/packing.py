"""Packed files for tests, by the library that the program reads them with: packed(members, format,
filter) gives the bytes of an archive of [(name, bytes)], or, for the format "raw", of one
compressed stream."""
import ctypes
import ctypes.util
import os
import tempfile

REGULAR, MODE = 0o100000, 0o644


def library():
    for name in ("libarchive.so.13", ctypes.util.find_library("archive")):
        try:
            found = ctypes.CDLL(name)
        except (OSError, TypeError):
            continue
        found.archive_write_new.restype = ctypes.c_void_p
        found.archive_entry_new.restype = ctypes.c_void_p
        found.archive_error_string.restype = ctypes.c_char_p
        return found
    raise RuntimeError("no libarchive")


def checked(lib, archive, status):
    if status < 0:
        raise RuntimeError(lib.archive_error_string(archive))


def packed(members, archive_format, archive_filter=None):
    lib = library()
    archive = ctypes.c_void_p(lib.archive_write_new())
    checked(lib, archive, lib.archive_write_set_format_by_name(archive, archive_format.encode()))
    if archive_filter:
        name = archive_filter.encode()
        checked(lib, archive, lib.archive_write_add_filter_by_name(archive, name))
    descriptor, path = tempfile.mkstemp()
    checked(lib, archive, lib.archive_write_open_fd(archive, descriptor))
    for name, content in members:
        entry = ctypes.c_void_p(lib.archive_entry_new())
        lib.archive_entry_set_pathname(entry, name if isinstance(name, bytes) else name.encode())
        lib.archive_entry_set_size(entry, ctypes.c_int64(len(content)))
        lib.archive_entry_set_filetype(entry, ctypes.c_uint(REGULAR))
        lib.archive_entry_set_perm(entry, ctypes.c_uint(MODE))
        checked(lib, archive, lib.archive_write_header(archive, entry))
        written = 0
        while written < len(content):
            part = content[written:written + (1 << 20)]
            checked(lib, archive, lib.archive_write_data(archive, part, ctypes.c_size_t(len(part))))
            written += len(part)
        lib.archive_entry_free(entry)
    checked(lib, archive, lib.archive_write_close(archive))
    lib.archive_write_free(archive)
    os.close(descriptor)
    with open(path, "rb") as file:
        content = file.read()
    os.unlink(path)
    return content
