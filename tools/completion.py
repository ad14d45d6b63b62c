#!/usr/bin/env python3
"""Writes what completes command lines of `seawall` in a shell: completion.py bash|zsh FILE

All comes from the tables of the program: commands, options, levels and outputs.
"""
import re
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src"
TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'  # literals that C joins
FILES = {"PATH", "PATH...", "[PATH...]", "FILE", "EVIDENCE..."}

BASH = """\
# Completes seawall(1) in bash. Written by tools/completion.py.
_seawall()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} choices=
    local command=${COMP_WORDS[1]}

    COMPREPLY=()
    if [[ $word == = ]]; then # bash makes three words of --option=value
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD < 3)); then # the command, or its first word
        before=$COMP_CWORD
    fi
    case $command,$before in
    *,1) choices='@COMMANDS@' ;;
@VALUES@
    *)
        case $command,$word in
@COMMAND_OPTIONS@
@COMMAND_WORDS@
        esac
        ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}
complete -F _seawall seawall
"""

ZSH = """\
#compdef seawall
# Completes seawall(1) in zsh. Written by tools/completion.py.

_seawall_output() {
  if compset -P '*='; then
    _files
  else
    compadd -S = -- @OUTPUTS@
  fi
}

_seawall() {
  local -a commands=(
@COMMANDS@
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
@ARGUMENTS@
  *) return 1 ;;
  esac
}

_seawall "$@"
"""


def unquote(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"')


class Tables:
    def __init__(self):
        commands = re.findall(rf"^COMMAND\((\w+),\s*{TEXT},\s*{TEXT}\)", self.read(
            "cli/commands.def"), re.M)
        options = re.findall(rf"^OPTION\(\w+,\s*{TEXT},\s*{TEXT},\s*{TEXT}\)", self.read(
            "cli/hunt_options.def"), re.M)
        self.levels = re.findall(r'\[LEVEL_\w+\] = STR_INIT\("(\w+)"\)', self.read("model/level.c"))
        self.outputs = re.findall(r"^OUTPUT\((\w+)\)", self.read("output/outputs.def"), re.M)
        self.about = {name: unquote(about) for name, _, about in commands}
        self.options, self.words = {}, {}
        for name, arguments, _ in commands:
            # "[--option VALUE]" among the arguments is an option; what remains are words
            arguments = unquote(arguments)
            own = re.findall(r"\[--([\w-]+) ?([^\]]*)\]", arguments)
            self.options[name] = [(option, value, "") for option, value in own]
            self.words[name] = re.sub(r"\[--[^\]]*\]", "", arguments).split()
        self.options["hunt"] += [tuple(map(unquote, option)) for option in options]
        options = re.findall(rf"^OPTION\(\w+,\s*{TEXT},\s*{TEXT},\s*{TEXT},\s*{TEXT}\)", self.read(
            "cli/rules_options.def"), re.M)
        self.options["rules"] += [tuple(map(unquote, option[1:])) for option in options]
        self.verbs = re.findall(r"^VERB\((\w+)", self.read("cli/rules_verbs.def"), re.M)
        if not (self.levels and self.outputs and self.options["hunt"] and self.options["rules"]
                and self.verbs):
            sys.exit("completion.py: a table cannot be read")

    @staticmethod
    def read(path):
        return (SOURCES / path).read_text()

    def choices(self, value):
        """The words that an argument, as the help writes it, can be."""
        known = {"LEVEL": self.levels, "[COMMAND]": list(self.about), "VERB": self.verbs}
        return [word for part in value.split("|")
                for word in known.get(part, [part] if part.islower() else [])]

    def places(self, command):
        """For each argument that is no option: what the help writes for it."""
        return [word for word in self.words[command] if word != "[OPTION]..."]


def bash_value(tables, value):
    if value == "FORMAT=FILE":
        formats = " ".join(f"{name}=" for name in tables.outputs)
        return f"choices='{formats}' && compopt -o nospace"
    code = f"choices='{' '.join(tables.choices(value))}'"
    if value in FILES:
        return f"{code} && compopt -o default"
    return f"{code} && compopt -o plusdirs" if "DIR" in value.split("|") else code


def bash(tables):
    values, options, words = [], [], []
    for command in tables.about:
        names = [f"--{name}" for name, _, _ in tables.options[command]]
        if names:
            options.append(f"        {command},-*) choices='{' '.join(names)}' ;;")
        for name, value, _ in tables.options[command]:
            if value:
                values.append(f"    {command},--{name}) {bash_value(tables, value)} ;;")
            if value == "FORMAT=FILE":  # the file behind the second =
                formats = " | ".join(f"{command},{output}" for output in tables.outputs)
                values.append(f"    {formats}) compopt -o default ;;")
        places = tables.places(command)
        if places and tables.choices(places[0]):
            values.append(f"    {command},2) {bash_value(tables, places[0])} ;;")
        if places and places[-1] in FILES:
            words.append(f"        {command},*) {bash_value(tables, places[-1])} ;;")
    return (BASH.replace("@VALUES@", "\n".join(values))
            .replace("@COMMANDS@", " ".join(tables.about))
            .replace("@COMMAND_OPTIONS@", "\n".join(options))
            .replace("@COMMAND_WORDS@", "\n".join(words)))


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


def zsh_action(tables, value):
    if value == "FORMAT=FILE":
        return "_seawall_output"
    if value in FILES:
        return "_files"
    choices = " ".join(tables.choices(value))
    if "DIR" in value.split("|") and choices:
        return rf'{{_alternative "folder\:folder\:_directories" "word\:word\:({choices})"}}'
    if value == "DIR":
        return "_directories"
    return f"({choices})" if choices else " "


def zsh(tables):
    rows = []
    for command in tables.about:
        specs = []
        for name, value, about in tables.options[command]:
            repeats = "*" if value in FILES | {"FORMAT=FILE"} else ""
            action = f":{zsh_text(value)}:{zsh_action(tables, value)}" if value else ""
            specs.append(f"{repeats}--{name}{'=' if value else ''}"
                         f"{f'[{zsh_text(about)}]' if about else ''}{action}")
        for place, value in enumerate(tables.places(command), 1):
            place = "*" if value.strip("[]").endswith("...") else place
            specs.append(f"{place}:{value.strip('[].')}:{zsh_action(tables, value)}")
        quoted = "".join(f" \\\n      '{spec}'" for spec in specs)
        rows.append(f"  {command}) " + (f"_arguments{quoted} ;;" if specs else ";;"))
    commands = "\n".join(f"    '{name}:{zsh_text(about)}'" for name, about in tables.about.items())
    return (ZSH.replace("@OUTPUTS@", " ".join(tables.outputs))
            .replace("@COMMANDS@", commands).replace("@ARGUMENTS@", "\n".join(rows)))


def main():
    Path(sys.argv[2]).write_text({"bash": bash, "zsh": zsh}[sys.argv[1]](Tables()))


main()
