"""Tables in pages that are written by a script: `--check` holds a page to what would be written."""
import re
import sys


def write(page, head, rows, script):
    """Puts `rows` under the one `head` of the page, in place of the rows that stand there."""
    text = page.read_text()
    before, found, behind = text.partition(head)
    if not found:
        sys.exit(f"docs/{page.name} has no table under {head.splitlines()[0]}")
    behind = re.sub(r"\A(?:\|.*\n)*", "", behind)
    wanted = before + head + rows + behind
    if sys.argv[1:] != ["--check"]:
        page.write_text(wanted)
    elif text != wanted:
        sys.exit(f"docs/{page.name} is not what tools/{script} writes: run it")
