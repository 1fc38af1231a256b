#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replay recorded HTTP responses through a guarded httpd and judge each one.

The folder holds NAME.http files (a raw HTTP/1.1 response, status line to last
byte) and beside each a NAME.json:

  kind    "leak" or "clean"; default: the name of the folder it lies in
  stack   what made the response, for the table
  class   the cause expected: code, configuration, database, upstream,
          resource, a list of these that are all right, or null
  mode    "excise": the leak must go and the rest of the page must stay
  secrets texts that must not reach the client; default: found in the body
  keep    texts that must stay (excise); default: the lines without secrets
  note    free text

A backend on a loopback port sends the files byte for byte; httpd (event MPM,
a configuration of its own in a temporary folder, an ordinary user when root)
proxies to it twice: once with the guard, once without it as the baseline that
clean responses are compared with. Each is asked for plainly and with
Accept-Encoding: gzip, br (there mod_deflate compresses as well).

A leak is stopped when none of its secrets reaches the client. A clean
response is unchanged when status, headers and body equal the baseline's.
With --config the directives of another module replace the guard's, and the
causes are not judged.
"""

import argparse
import collections
import ctypes
import ctypes.util
import html
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLASSES = ("code", "configuration", "database", "upstream", "resource")
PASSES = (("plain", None), ("gzip", "gzip, br"))
UNEQUAL = {"date", "connection", "keep-alive", "transfer-encoding", "via"}
STRIPPED = ("x-powered-by", "x-aspnet", "x-debug-", "x-generator", "x-runtime")
LIMIT = 64 << 20

# What is technical in a body, when the file beside it does not say.
TECHNICAL = [re.compile(p) for p in (
    r"(?:/[\w.+@~-]+){2,}\.(?:php|py|rb|pl|pm|js|ts|mjs|cjs|java|go|rs|lua|exs?"
    r"|erl|tcl|cs|c|cpp|h|phtml|inc|twig|jsp|aspx|so)\b(?!\?)",
    r"[A-Z]:\\(?:[\w .-]+\\)+[\w.-]+",
    r"\(?[\w$<>/.]+\.(?:java|kt|scala|groovy|go|rs|exs?|erl|cs|rb|lua|c|cpp)"
    r":\d+(?::\d+)?\)?",
    r"\bat [\w$.<>/]+\([\w .$-]*\)",
    r"#\d+ .{0,200}?\(\d+\): [^\n]{3,160}",
    r'File "[^"\n]{3,200}", line \d+',
    r"SQLSTATE\[\w+\][^\n<]{0,160}",
    r"ORA-\d{5}[^\n<]{0,120}",
    r"\[(?:Microsoft|unixODBC|FreeTDS|IBM)\]\[[^\n<]{3,160}",
    r"near \"[^\"\n]{1,80}\": syntax error",
    r"You have an error in your SQL syntax[^\n<]{0,160}",
    r"(?:Table|Unknown column|Unknown database|Duplicate entry) '[^'\n]{1,80}'"
    r"[^\n<]{0,80}",
    r"no such (?:table|column): [\w.]+",
    r"(?:relation|column|role|database) \"[\w.]+\" does not exist",
    r"Access denied for user '[^'\n]*'@'[^'\n]*'",
    r"\b(?:[\w]+[.\\])+[A-Z]\w*(?:Exception|Error)\b",
    r"\b(?:Apache|nginx|lighttpd|Apache Tomcat|Jetty|squid|PHP|Python|Werkzeug"
    r"|Mojolicious|Rack|gunicorn|WEBrick|CherryPy|openresty|Microsoft-IIS"
    r"|OpenSSL|Phusion Passenger|mod_perl)(?:/| )\(?v?\d+\.[\d.]+[\w.-]*",
    r"\bECONNREFUSED [\w.:]+",
    r"goroutine \d+ \[[\w ]+\]:",
    r"panicked at [^\n<]{3,120}",
    r"\bat [^\s(]+ line \d+",
)]
TAG = re.compile(r"<[^<>]{0,4000}>")
MARKS = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[nrtbf\"/\\])")
SHORT = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}


class Brotli:
    """The decoder of libbrotlidec, where there is one."""

    def __init__(self):
        name = ctypes.util.find_library("brotlidec")
        self.lib = ctypes.CDLL(name) if name else None

    def decode(self, data):
        if self.lib is None:
            return b""
        size = max(1 << 20, len(data) * 40)
        out = ctypes.create_string_buffer(size)
        n = ctypes.c_size_t(size)
        rc = self.lib.BrotliDecoderDecompress(
            ctypes.c_size_t(len(data)), data, ctypes.byref(n), out)
        return out.raw[:n.value] if rc == 1 else b""


BROTLI = Brotli()


def inflate(data, wbits):
    """Whatever can be had: truncated, with more members, with rubbish."""
    out = b""
    while data and len(out) < LIMIT:
        unit = zlib.decompressobj(wbits)
        try:
            out += unit.decompress(data, LIMIT)
        except zlib.error:
            return out or None
        if not unit.eof:
            break
        data = unit.unused_data
    return out


def decoded(headers, body):
    """The body without its Content-Encoding; itself when that fails."""
    for coding in reversed(headers.get("content-encoding", "").split(",")):
        coding = coding.strip().lower()
        if coding in ("gzip", "x-gzip"):
            body = inflate(body, 31) or body
        elif coding == "deflate":
            body = inflate(body, 15) or inflate(body, -15) or body
        elif coding == "br":
            body = BROTLI.decode(body) or body
    return body


def text_of(headers, body):
    """The body as text: by its mark, its charset, its look."""
    body = decoded(headers, body)
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    match = re.search(r"charset=[\"']?([\w-]+)",
                      headers.get("content-type", ""))
    charset = match.group(1) if match else "utf-8"
    if body[1:8:2] == b"\0\0\0\0":
        charset = "utf-16-le"
    elif body[0:8:2] == b"\0\0\0\0":
        charset = "utf-16-be"
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("latin-1")


def unescape(match):
    what = match.group(1)
    if what[0] == "u" and len(what) == 5:
        return chr(int(what[1:], 16))
    return SHORT.get(what, what)


def plain(text):
    """Text as a reader sees it: entities, JSON escapes and tags undone."""
    if "\\" in text:
        text = ESCAPE.sub(unescape, text)
    text = MARKS.sub(" ", text)
    return html.unescape(TAG.sub("", html.unescape(text)))


def squeeze(text):
    return re.sub(r"\s+", " ", text)


class Response:
    """A response as it came over the wire."""

    def __init__(self, raw):
        head, mark, rest = raw.partition(b"\r\n\r\n")
        if not mark:
            head, mark, rest = raw.partition(b"\n\n")
        lines = head.decode("latin-1").splitlines()
        first = (lines[0] if lines else "").split(" ", 2)
        self.ok = len(first) > 1 and first[1].isdigit()
        self.status = int(first[1]) if self.ok else 0
        self.fields = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.fields.append((name.strip().lower(), value.strip()))
        self.headers = dict(self.fields)
        self.cut = not self.ok
        self.body = self.read(rest)

    def read(self, rest):
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            out = []
            while True:
                size, mark, rest = rest.partition(b"\r\n")
                try:
                    n = int(size.split(b";")[0], 16)
                except ValueError:
                    self.cut = True
                    break
                if n == 0:
                    break
                out.append(rest[:n])
                if len(rest) < n + 2:
                    self.cut = True
                    break
                rest = rest[n + 2:]
            return b"".join(out)
        length = self.headers.get("content-length", "")
        if length.isdigit() and len(rest) < int(length):
            self.cut = True
        return rest

    def comparable(self, loose):
        skip = set(UNEQUAL)
        if loose:
            skip |= {"content-length", "etag", "content-encoding", "vary",
                     "accept-ranges"}
        return sorted((n, v) for n, v in self.fields
                      if n not in skip and not n.startswith(STRIPPED))


class Case:
    def __init__(self, path, index):
        self.path = path
        self.name = path.stem
        side = path.with_suffix(".json")
        meta = json.loads(side.read_text()) if side.exists() else {}
        self.kind = meta.get("kind") or path.parent.name
        self.stack = meta.get("stack", "?")
        self.mode = meta.get("mode", "replace")
        want = meta.get("class")
        self.want = [want] if isinstance(want, str) else list(want or [])
        self.raw = path.read_bytes()
        self.sent = Response(self.raw)
        self.route = "/x/" + letters(index)
        self.problems = []
        self.got = None
        self.recorded = []
        self.secrets = []
        self.keep = []
        if self.kind == "leak":
            self.find(meta)

    def find(self, meta):
        text = plain(text_of(self.sent.headers, self.sent.body))
        found = list(meta.get("secrets", ()))
        if not found:
            for pattern in TECHNICAL:
                found += [m.group(0) for m in pattern.finditer(text)][:400]
        self.secrets = sorted({squeeze(f).strip() for f in found
                               if len(f.strip()) > 5})
        self.keep = list(meta.get("keep", ()))
        if self.mode == "excise" and not self.keep:
            for line in text.splitlines():
                line = squeeze(line).strip()
                if len(line) > 14 and not any(p.search(line)
                                              for p in TECHNICAL):
                    self.keep.append(line)

    def problem(self, where, what, excerpt=""):
        self.problems.append({"pass": where, "what": what,
                              "excerpt": "".join(
                                  c if c.isprintable() else " "
                                  for c in excerpt[:300])})

    def judge_leak(self, where, got):
        text = squeeze(plain(text_of(got.headers, got.body)))
        told = squeeze(plain(urllib.parse.unquote("\n".join(
            v for n, v in got.fields if n not in ("server", "via")))))
        out = [s for s in self.secrets if s in text or s in told]
        if not self.secrets:
            self.problem(where, "nothing technical found in the recording")
        elif out:
            self.problem(where, "%d of %d secrets delivered, status %d"
                         % (len(out), len(self.secrets), got.status), out[0])
        elif got.body and got.body == self.sent.body \
                and self.mode != "excise":
            self.problem(where, "delivered as it was")
        if self.mode == "excise" and not out:
            gone = [k for k in self.keep if squeeze(k) not in text]
            if gone:
                self.problem(where, "%d of %d lines of the page lost, status"
                             " %d" % (len(gone), len(self.keep), got.status),
                             gone[0])
            elif got.status != self.sent.status:
                self.problem(where, "status %d became %d"
                             % (self.sent.status, got.status))

    def judge_clean(self, where, got, base):
        loose = where != "plain"
        if got.status != base.status:
            return self.problem(where, "status %d became %d"
                                % (base.status, got.status))
        if got.cut != base.cut:
            return self.problem(where, "cut off")
        if loose:
            same = decoded(got.headers, got.body) == \
                decoded(base.headers, base.body)
        else:
            same = got.body == base.body
        if not same:
            at = len(os.path.commonprefix([got.body, base.body]))
            return self.problem(where, "body differs from byte %d (%d bytes,"
                                " were %d)" % (at, len(got.body),
                                               len(base.body)),
                                base.body[at:at + 200].decode("latin-1"))
        # Without a length from the backend httpd may or may not count one.
        loose |= "content-length" not in self.sent.headers
        a, b = base.comparable(loose), got.comparable(loose)
        if a != b:
            self.problem(where, "headers differ: %s"
                         % [f for f in a + b if (f in a) != (f in b)])

    def judge_class(self, records):
        self.recorded = records
        if self.kind == "leak" and self.want:
            named = [r["class"] for r in records if r.get("class")]
            self.got = named[0] if named else "(none)" if records \
                else "(no record)"

    @property
    def right(self):
        return self.got in self.want

    @property
    def by_design(self):
        """An error status is replaced whatever its body says."""
        return self.kind == "clean" and self.sent.status >= 500


def letters(n):
    """A number as letters: a route without digits stays as it is."""
    out = ""
    for _ in range(4):
        n, d = divmod(n, 26)
        out = chr(97 + d) + out
    return out


class Backend(threading.Thread):
    """Sends the file whose route is asked for, then closes."""

    def __init__(self, cases):
        super().__init__(daemon=True)
        self.bodies = {c.route: c.raw for c in cases}
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]

    def run(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(peer,),
                             daemon=True).start()

    def answer(self, peer):
        with peer:
            try:
                peer.settimeout(10)
                data = b""
                while b"\r\n\r\n" not in data:
                    more = peer.recv(65536)
                    if not more:
                        return
                    data += more
                path = data.split(b" ", 2)[1].decode("latin-1")
                peer.sendall(self.bodies.get(
                    path, b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"))
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass
            except OSError:
                pass


CONFIG = """\
ServerRoot "{dir}"
ServerName replay.test
PidFile "{dir}/{name}.pid"
ErrorLog "{dir}/{name}.log"
LogLevel warn
Listen 127.0.0.1:{port}
{modules}
<IfModule mod_deflate.c>
  <If "-n req('Accept-Encoding')">
    SetOutputFilter DEFLATE
  </If>
</IfModule>
ServerLimit 2
ThreadsPerChild 25
MaxRequestWorkers 50
Timeout 20
ProxyTimeout 5
SetEnv proxy-nokeepalive 1
ProxyPass "/" "http://127.0.0.1:{backend}/" disablereuse=On timeout=5
{extra}
"""
MODULES = ("mpm_event", "authz_core", "env", "filter", "deflate",
           "proxy", "proxy_http", "unique_id", "headers", "setenvif")


class Httpd:
    def __init__(self, args, folder, name, backend, extra, owner):
        self.folder = folder
        self.name = name
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        modules = "\n".join(
            "LoadModule %s_module %s/mod_%s.so" % (m, args.modules, m)
            for m in MODULES)
        conf = folder / (name + ".conf")
        conf.write_text(CONFIG.format(dir=folder, name=name, port=self.port,
                                      modules=modules, backend=backend,
                                      extra=extra))
        who = {}
        if owner:
            who = {"user": owner.pw_uid, "group": owner.pw_gid,
                   "extra_groups": []}
        self.out = open(folder / (name + ".out"), "wb")
        self.process = subprocess.Popen(
            [args.httpd, "-f", str(conf), "-DFOREGROUND"], stdout=self.out,
            stderr=subprocess.STDOUT, start_new_session=True, **who)
        for _ in range(100):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise SystemExit("replay: %s httpd does not start:\n%s%s" % (
            name, self.read(".out"), self.read(".log")))

    def read(self, suffix):
        try:
            return (self.folder / (self.name + suffix)).read_text(
                errors="replace")[-3000:]
        except OSError:
            return ""

    def get(self, route, accept):
        head = "GET %s HTTP/1.1\r\nHost: replay.test\r\nConnection: close\r\n" \
            "User-Agent: replay\r\nAccept: */*\r\n" % route
        if accept:
            head += "Accept-Encoding: %s\r\n" % accept
        data = b""
        with socket.create_connection(("127.0.0.1", self.port), 20) as peer:
            peer.sendall(head.encode() + b"\r\n")
            try:
                while True:
                    more = peer.recv(1 << 20)
                    if not more:
                        break
                    data += more
            except OSError:
                pass
        return Response(data)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.out.close()


def apxs(what):
    tool = shutil.which("apxs") or shutil.which("apxs2")
    if not tool:
        return None
    done = subprocess.run([tool, "-q", what], capture_output=True, text=True)
    return done.stdout.strip() or None


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        epilog=__doc__.split("\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=pathlib.Path,
                   help="the recordings; folders below it too")
    p.add_argument("--build", type=pathlib.Path, default=ROOT / "build",
                   help="where the module and its tools are (build)")
    p.add_argument("--only", metavar="REGEX",
                   help="only names (or stacks) that match")
    p.add_argument("--directive", action="append", default=[],
                   help="a further line of configuration (again for more)")
    p.add_argument("--config", type=pathlib.Path, metavar="FILE",
                   help="judge this configuration in place of the guard")
    p.add_argument("--user", default="nobody",
                   help="who runs httpd when this is run by root (nobody)")
    p.add_argument("--httpd", help="httpd's binary (from apxs)")
    p.add_argument("--modules", help="folder of httpd's modules (from apxs)")
    p.add_argument("--keep", action="store_true",
                   help="keep the temporary folder and say where it is")
    p.add_argument("--json", action="store_true",
                   help="the result as JSON instead of tables")
    p.add_argument("--quiet", action="store_true",
                   help="tables without the list of failures")
    p.add_argument("--min-leaks", type=float, default=99.0, metavar="PERCENT",
                   help="leaks stopped, all and below status 500 (99)")
    p.add_argument("--max-clean", type=float, default=0.4, metavar="PERCENT",
                   help="clean responses changed, those of an error status"
                   " not counted (0.4)")
    p.add_argument("--min-class", type=float, default=85.0, metavar="PERCENT",
                   help="causes named rightly (85)")
    args = p.parse_args()
    directory, program = apxs("SBINDIR"), apxs("PROGNAME")
    if not args.httpd and directory and program:
        args.httpd = os.path.join(directory, program)
    args.httpd = args.httpd or shutil.which("apache2") or shutil.which("httpd")
    args.modules = args.modules or apxs("LIBEXECDIR")
    args.build = args.build.resolve()
    if not args.httpd or not args.modules:
        p.error("--httpd and --modules are needed where there is no apxs")
    return args


def guard_lines(args, folder):
    return "\n".join([
        'LoadModule spbe_guard_module "%s"' % (args.build /
                                               "mod_spbe_guard.so"),
        'SpbeGuardLog "|%s --home %s"' % (args.build / "spbe-guardlog",
                                          folder / "home"),
        "SpbeGuardEngine On"])


def records(args, folder, owner):
    """The records by route, newest first."""
    who = {"user": owner.pw_uid, "group": owner.pw_gid,
           "extra_groups": []} if owner else {}
    done = subprocess.run(
        [str(args.build / "spbe-guardctl"), "--home", str(folder / "home"),
         "list", "--json", "--limit", "0"], capture_output=True, **who)
    by = collections.defaultdict(list)
    try:
        found = json.loads(done.stdout or b"[]")
    except ValueError:
        found = [json.loads(line) for line in done.stdout.splitlines()
                 if line.startswith(b"{")]
    if isinstance(found, dict):
        found = found.get("records", [])
    if not found:
        print("replay: no records: %s" % done.stderr.decode("utf-8",
                                                            "replace"),
              file=sys.stderr)
    for record in found:
        route = record.get("route") or ""
        by[route.split("?")[0]].append(record)
    return by


def run(args, cases, folder):
    owner = pwd.getpwnam(args.user) if os.geteuid() == 0 else None
    (folder / "home").mkdir()
    if owner:
        for path in (folder, folder / "home"):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    backend = Backend(cases)
    backend.start()
    own = "\n".join(args.directive)
    if args.config:
        guard = 'Include "%s"' % args.config.resolve()
    else:
        guard = guard_lines(args, folder)
    servers = []
    try:
        servers.append(Httpd(args, folder, "guarded", backend.port,
                             guard + "\n" + own, owner))
        servers.append(Httpd(args, folder, "baseline", backend.port, "",
                             owner))
        for case in cases:
            for where, accept in PASSES:
                try:
                    got = servers[0].get(case.route, accept)
                    if case.kind == "leak":
                        case.judge_leak(where, got)
                    else:
                        case.judge_clean(where, got,
                                         servers[1].get(case.route, accept))
                except OSError as error:
                    case.problem(where, "request failed: %s" % error)
        time.sleep(1)
    finally:
        for server in servers:
            server.stop()
    if not args.config:
        by = records(args, folder, owner)
        for case in cases:
            case.judge_class(by.get(case.route, []))
    for server in servers:
        log = server.read(".log")
        if re.search(r"AH0005[12]|Segmentation|Sanitizer", log):
            print("replay: the %s httpd lost a child:\n%s"
                  % (server.name, log), file=sys.stderr)


def share(part, whole):
    return 100.0 * part / whole if whole else 100.0


def summary(cases):
    leaks = [c for c in cases if c.kind == "leak"]
    below = [c for c in leaks if c.sent.status < 500]
    clean = [c for c in cases if c.kind == "clean" and not c.by_design]
    design = [c for c in cases if c.by_design]
    named = [c for c in leaks if c.got is not None]

    def good(some):
        return sum(1 for c in some if not c.problems)

    return {
        "leaks": len(leaks), "leaks_stopped": good(leaks),
        "leaks_below_500": len(below), "leaks_below_500_stopped": good(below),
        "clean": len(clean), "clean_changed": len(clean) - good(clean),
        "clean_error_status": len(design),
        "clean_error_status_replaced": len(design) - good(design),
        "clean_recorded": sum(1 for c in clean if c.recorded),
        "causes": len(named), "causes_right": sum(c.right for c in named),
    }


def table(cases, total, args):
    rows = collections.OrderedDict()
    for c in sorted(cases, key=lambda c: (c.kind != "leak", c.stack)):
        row = rows.setdefault((c.kind, c.stack), [0, 0, 0, 0])
        row[0] += 1
        row[1] += not c.problems
        row[2] += c.got is not None
        row[3] += c.got is not None and c.right
    print("%-6s %-34s %5s %5s  %s" % ("kind", "stack", "all", "good",
                                      "causes right"))
    for (kind, stack), (n, good, named, right) in rows.items():
        print("%-6s %-34s %5d %5d%s %s" % (
            kind, stack[:34], n, good, " " if n == good else "*",
            "%d/%d" % (right, named) if named else ""))
    if not args.quiet:
        for c in cases:
            for p in c.problems:
                print("\n%s %s (%s, %s, status %d): %s" % (
                    c.kind, c.name, c.stack, p["pass"], c.sent.status,
                    p["what"]))
                if p["excerpt"]:
                    print("    " + squeeze(p["excerpt"]))
        for c in cases:
            if c.got is not None and not c.right:
                first = c.recorded[0] if c.recorded else {}
                print("cause of %s (%s): %s, not %s; %s %s" % (
                    c.name, c.stack, c.got, "|".join(c.want),
                    first.get("rule", ""), first.get("why", "")))
    print("\nleaks stopped      %d of %d, %.1f %%" % (
        total["leaks_stopped"], total["leaks"],
        share(total["leaks_stopped"], total["leaks"])))
    print("  below status 500 %d of %d, %.1f %%" % (
        total["leaks_below_500_stopped"], total["leaks_below_500"],
        share(total["leaks_below_500_stopped"], total["leaks_below_500"])))
    print("clean changed      %d of %d, %.1f %% (%d recorded); with an error"
          " status %d of %d" % (
              total["clean_changed"], total["clean"],
              share(total["clean_changed"], total["clean"])
              if total["clean"] else 0, total["clean_recorded"],
              total["clean_error_status_replaced"],
              total["clean_error_status"]))
    if total["causes"]:
        print("causes right       %d of %d, %.1f %%" % (
            total["causes_right"], total["causes"],
            share(total["causes_right"], total["causes"])))


def main():
    args = arguments()
    paths = sorted(args.folder.rglob("*.http"))
    cases = [Case(p, i) for i, p in enumerate(paths)]
    if args.only:
        cases = [c for c in cases if re.search(args.only, c.name)
                 or re.search(args.only, c.stack)]
    if not cases:
        raise SystemExit("replay: nothing to replay in %s" % args.folder)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="replay-"))
    try:
        run(args, cases, folder)
    finally:
        if args.keep:
            print("replay: kept %s" % folder, file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    total = summary(cases)
    if args.json:
        json.dump({"totals": total, "cases": [{
            "name": c.name, "file": str(c.path), "kind": c.kind,
            "stack": c.stack, "mode": c.mode, "status": c.sent.status,
            "good": not c.problems, "problems": c.problems,
            "class_expected": c.want, "class": c.got,
            "records": c.recorded} for c in cases]}, sys.stdout, indent=1)
        print()
    else:
        table(cases, total, args)
    bad = share(total["leaks_stopped"], total["leaks"]) < args.min_leaks
    bad |= share(total["leaks_below_500_stopped"],
                 total["leaks_below_500"]) < args.min_leaks
    if total["clean"]:
        bad |= share(total["clean_changed"], total["clean"]) > args.max_clean
    if total["causes"]:
        bad |= share(total["causes_right"], total["causes"]) < args.min_class
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
