#!/usr/bin/env python3
"""screenshot.py IMAGE COLUMNS LINES COMMAND...

A picture of the first lines that a command prints on a terminal so wide, in its colours. Drawn by
Chromium, which has to be installed.
"""
import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

COLOURS = {30: "#282c34", 31: "#e06c75", 32: "#98c379", 33: "#e5c07b", 34: "#61afef",
           35: "#c678dd", 36: "#56b6c2", 37: "#dcdfe4", 97: "#ffffff"}
LINE_PIXELS, CHARACTER_PIXELS, MARGIN_PIXELS = 19, 8.43, 14
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1e2127; color: #dcdfe4; }}
pre {{ margin: {margin}px; font: 14px/{line}px "DejaVu Sans Mono", monospace; }}
</style><pre>{text}</pre>"""


def run_on_terminal(columns, command):
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", COLUMNS=str(columns))
        os.environ.pop("NO_COLOR", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    output = b""
    try:
        while chunk := os.read(terminal, 65536):
            output += chunk
    except OSError:  # the other side has ended
        pass
    if os.waitpid(process, 0)[1] != 0:
        sys.exit(f"{' '.join(command)} failed:\n{output.decode(errors='replace')[-2000:]}")
    text = output.decode().replace("\r\n", "\n")
    return re.sub(r"[^\n]*\r|\x1b\[K", "", text)  # progress is written over


def style_of(codes):
    style = []
    for code in map(int, codes.split(";")):
        if code == 1:
            style.append("font-weight: bold")
        elif code == 2:
            style.append("opacity: 0.6")
        elif code in COLOURS:
            style.append(f"color: {COLOURS[code]}")
        elif code - 10 in COLOURS:
            style.append(f"background: {COLOURS[code - 10]}")
    return "; ".join(style)


def page_of(text):
    text = re.sub(r"\x1b\[0?m", "</span>", html.escape(text))
    return re.sub(r"\x1b\[([\d;]+)m", lambda m: f'<span style="{style_of(m.group(1))}">', text)


def main():
    image, columns, lines, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
    shown = run_on_terminal(columns, command).rstrip("\n").split("\n")[:lines]
    text = "\n".join(["$ " + " ".join(command)] + shown)
    size = (round(columns * CHARACTER_PIXELS) + 2 * MARGIN_PIXELS,
            (len(shown) + 1) * LINE_PIXELS + 2 * MARGIN_PIXELS)
    with tempfile.TemporaryDirectory() as folder:
        page = f"{folder}/page.html"
        with open(page, "w", encoding="utf-8") as file:
            file.write(PAGE.format(text=page_of(text), margin=MARGIN_PIXELS, line=LINE_PIXELS))
        subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                        "--disable-background-networking", f"--user-data-dir={folder}/profile",
                        "--hide-scrollbars", f"--window-size={size[0]},{size[1]}",
                        f"--screenshot={os.path.abspath(image)}", f"file://{page}"],
                       check=True, capture_output=True, timeout=120)


main()
