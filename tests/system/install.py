#!/usr/bin/env python3
"""What is installed, what a package of it holds, and what completes command lines in a shell."""
import os
import re
import subprocess
import sys
from pathlib import Path

from system_kit import PROGRAM, ROOT, Skip, check, need_program, run, run_tests, same

TREE = Path(PROGRAM).parent
BASH = """
compopt() { echo "$*"; }
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_seawall
printf '%s\\n' "${COMPREPLY[@]}"
"""


def install():
    """The folder in which everything is below /usr."""
    if not (TREE / "cmake_install.cmake").exists():
        raise Skip("the program is not in its build tree")
    need_program("cmake")
    subprocess.run(["cmake", "--install", TREE, "--prefix", "/usr"], check=True,
                   stdout=subprocess.DEVNULL, env=os.environ | {"DESTDIR": os.path.abspath("root")})
    return Path("root/usr")


def completed(script, *words):
    done = subprocess.run(["bash", "-c", BASH, "bash", script, "seawall", *words],
                          capture_output=True, text=True, check=False)
    same((done.returncode, done.stderr), (0, ""))
    return done.stdout.split()


def options_of_hunt():
    return re.findall(r"^  --([\w-]+)", run("help", "hunt").out, re.M)


def commands():
    return re.findall(r"^  seawall (\w+)", run("help").out, re.M)


def test_what_is_installed():
    usr = install()
    found = {path.relative_to(usr).as_posix() for path in usr.rglob("*") if path.is_file()}
    wanted = {"bin/seawall", "share/man/man1/seawall.1",
              "share/bash-completion/completions/seawall", "share/zsh/site-functions/_seawall"}
    wanted |= {f"share/doc/seawall/{name}"
               for name in ("README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md")}
    wanted |= {f"share/doc/seawall/docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    same(sorted(found), sorted(wanted))
    version = subprocess.run([usr / "bin/seawall", "version"], capture_output=True, text=True,
                             check=True)
    same(version.stdout, run("version").out)


def test_bash_completes_commands_options_and_values():
    script = install() / "share/bash-completion/completions/seawall"
    same(completed(script, "hu"), ["hunt"])
    same(completed(script, ""), commands())
    same(completed(script, "hunt", "--only-r"), ["--only-rules"])
    same(completed(script, "hunt", "/evidence", "--only-r"), ["--only-rules"])
    same(completed(script, "hunt", "-"), [f"--{name}" for name in options_of_hunt()])
    same(completed(script, "hunt", "--min-level", "h"), ["high"])
    same(completed(script, "hunt", "--min-level", "=", "cr"), ["critical"])
    same(completed(script, "hunt", "--fail-on", "="),
         ["informational", "low", "medium", "high", "critical"])
    same(completed(script, "hunt", "--output", "j"), ["-o", "nospace", "jsonl="])
    same(completed(script, "hunt", "--output", "jsonl", "="), ["-o", "default"])
    same(completed(script, "hunt", "--output", "jsonl", "=", "/tm"), ["-o", "default"])
    same(completed(script, "hunt", "--cache", "o"), ["-o", "plusdirs", "off"])
    same(completed(script, "hunt", "--threads", ""), [])
    same(completed(script, "hunt", "/ev"), ["-o", "default"])
    same(completed(script, "rules", "c"), ["check"])
    same(completed(script, "rules", "check", "rules", ""), ["-o", "default"])
    same(completed(script, "help", "v"), ["version"])
    same(completed(script, "help", "version", ""), [])
    same(completed(script, "version", ""), [])
    same(completed(script, "nothing", ""), [])


def test_zsh_has_every_command_and_option():
    script = install() / "share/zsh/site-functions/_seawall"
    text = script.read_text()
    check(text.startswith("#compdef seawall\n"), text)
    for command in commands():
        check(f"    '{command}:" in text and f"\n  {command}) " in text, command, text)
    for option in options_of_hunt():
        check(re.search(rf"'\*?--{option}=?\[", text), option, text)


def test_zsh_can_read_its_completion():
    need_program("zsh")
    subprocess.run(["zsh", "-n", install() / "share/zsh/site-functions/_seawall"], check=True)


def test_a_debian_package():
    for name in ("dpkg-deb", "dpkg-shlibdeps"):
        need_program(name)
    install()
    for folder in ("a", "b"):
        subprocess.run([sys.executable, ROOT / "tools/package.py", TREE, folder], check=True,
                       stdout=subprocess.DEVNULL,
                       env=os.environ | {"SOURCE_DATE_EPOCH": "1790000000"})
    package, again = Path("a").glob("*.deb"), Path("b").glob("*.deb")
    package, again = next(package), next(again)
    same(package.read_bytes(), again.read_bytes())
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True,
                            check=True).stdout
    version = run("version").out.split()[1]
    for row in ("Package: seawall", f"Version: {version}", "Section: utils"):
        check(f"{row}\n" in fields, row, fields)
    check(re.search(r"^Depends: .*libc6 \(>= ", fields, re.M), fields)
    subprocess.run(["dpkg-deb", "--raw-extract", package, "out"], check=True)
    for name in ("bin/seawall", "share/man/man1/seawall.1.gz", "share/doc/seawall/copyright",
                 "share/doc/seawall/changelog.gz", "share/zsh/vendor-completions/_seawall",
                 "share/bash-completion/completions/seawall"):
        check(Path("out/usr", name).is_file(), name)
    subprocess.run(["md5sum", "--check", "--quiet", "DEBIAN/md5sums"], cwd="out", check=True)


run_tests(globals())
