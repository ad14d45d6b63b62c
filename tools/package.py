#!/usr/bin/env python3
"""Makes a Debian package of a build tree: package.py BUILD_TREE FOLDER; prints the package's path.

What `cmake --install` puts below /usr, as Debian wants it. Needs dpkg-dev. The same build tree and
SOURCE_DATE_EPOCH give the same bytes.
"""
import email.utils
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

MAINTAINER = "Seawall maintainers <maintainers@seawall.invalid>"
CONTROL = """\
Package: seawall
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Section: utils
Priority: optional
Description: judge evidence by Sigma rules, and say what could not be seen
 Seawall reads the evidence that an incident responder is handed, such as event
 logs of Windows and logs of servers, judges each event by Sigma rules, and
 reports what it found and what it could not see. Evidence is parsed in a
 process that can read only the evidence and reach nothing else.
"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Seawall

Files: *
Copyright: 2026 the Seawall maintainers and contributors
License: Apache-2.0
 On Debian systems the full text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
"""
CHANGES = """\
seawall ({version}) bookworm; urgency=medium

  * What is new stands in CHANGELOG.md.

 -- {maintainer}  {date}
"""


def output(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                          **options).stdout.strip()


def compress(path, content):
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def arrange(root, version, epoch):
    """Moves what cmake installs to where Debian has it."""
    share, documents = root / "usr/share", root / "usr/share/doc/seawall"
    subprocess.run(["strip", "--remove-section=.comment", "--remove-section=.note",
                    root / "usr/bin/seawall"], check=True)
    (share / "zsh/site-functions").rename(share / "zsh/vendor-completions")
    page = share / "man/man1/seawall.1"
    compress(page.with_suffix(".1.gz"), page.read_bytes())
    page.unlink()
    (documents / "LICENSE").unlink()
    (documents / "copyright").write_text(COPYRIGHT)
    changes = CHANGES.format(version=version, maintainer=MAINTAINER,
                             date=email.utils.formatdate(epoch))
    compress(documents / "changelog.gz", changes.encode())


def depends_of(program, scratch):
    (scratch / "debian").mkdir()
    (scratch / "debian/control").write_text("Source: seawall\n\nPackage: seawall\n"
                                            "Architecture: any\n")
    row = output("dpkg-shlibdeps", "-O", f"-e{program}", cwd=scratch)
    return row.removeprefix("shlibs:Depends=")


def main():
    tree, folder = (Path(argument).resolve() for argument in sys.argv[1:3])
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    version = output(tree / "seawall", "version").removeprefix("seawall ")
    architecture = output("dpkg", "--print-architecture")
    package = folder / f"seawall_{version}_{architecture}.deb"
    os.umask(0o022)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        root = scratch / "root"
        output("cmake", "--install", tree, "--prefix", "/usr", env=os.environ | {"DESTDIR": root})
        arrange(root, version, epoch)
        files = sorted(path for path in root.rglob("*") if path.is_file())
        control = root / "DEBIAN"
        control.mkdir()
        (control / "md5sums").write_text(output("md5sum", *(path.relative_to(root)
                                                            for path in files), cwd=root) + "\n")
        (control / "control").write_text(CONTROL.format(
            version=version, architecture=architecture, maintainer=MAINTAINER,
            size=sum(-(-path.stat().st_size // 1024) for path in files),
            depends=depends_of(root / "usr/bin/seawall", scratch)))
        root.chmod(0o755)
        for path in root.rglob("*"):
            os.utime(path, (epoch, epoch))
        output("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, package)
    print(package)


main()
