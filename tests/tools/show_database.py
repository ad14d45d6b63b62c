#!/usr/bin/env python3
"""Shows a database of `hunt --output sqlite=FILE` as the statements that make it. Reads standard
input."""
import sqlite3
import sys
import tempfile


def main():
    with tempfile.NamedTemporaryFile() as file:
        file.write(sys.stdin.buffer.read())
        file.flush()
        connection = sqlite3.connect(file.name)
        problems = connection.execute("PRAGMA integrity_check").fetchall()
        if problems != [("ok",)]:
            sys.exit(f"not sound: {problems[:3]}")
        for statement in connection.iterdump():
            print(statement.encode("unicode_escape").decode())


if __name__ == "__main__":
    main()
