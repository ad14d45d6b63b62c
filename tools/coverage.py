#!/usr/bin/env python3
"""Line coverage of src/ after the tests of a coverage build: coverage.py BUILD_TREE

Prints the share of lines run for each layer and each file, the least covered first.
"""
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path


def main():
    tree = Path(sys.argv[1]).resolve()
    root = Path(__file__).resolve().parent.parent
    lines = defaultdict(dict)  # file -> line -> was run
    for notes in tree.glob("CMakeFiles/*.dir/src/*/*.gcno"):
        text = subprocess.run(["gcov", "--json-format", "--stdout", notes], cwd=root, text=True,
                              capture_output=True, check=True).stdout
        for document in text.splitlines():
            for file in json.loads(document)["files"]:
                name = file["file"].removeprefix(f"{root}/")
                if not name.startswith("src/"):
                    continue
                for line in file["lines"]:
                    number = line["line_number"]
                    lines[name][number] = lines[name].get(number, False) or line["count"] > 0
    layers = defaultdict(list)
    for name, seen in lines.items():
        layers[name.split("/")[1]] += seen.values()
    for name, seen in sorted(lines.items(), key=lambda item: sum(item[1].values()) / len(item[1])):
        print(f"{100 * sum(seen.values()) / len(seen):6.1f} %  {len(seen):5}  {name}")
    for name, seen in sorted(layers.items()):
        print(f"{100 * sum(seen) / len(seen):6.1f} %  {len(seen):5}  {name}/")


main()
