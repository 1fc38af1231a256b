#!/usr/bin/env python3
"""A backend that sends exactly what it is told.

GET /<name>... runs the script <dir>/<name>.json, a list of steps:
  ["send", text] ["send64", base64] ["sleep", milliseconds]
  ["split", base64, piece, gap-ms]   send in pieces of that many bytes
  ["cut", base64, [offset, ...], gap-ms]  send, pausing at those offsets
  ["fill", byte, count]              many equal bytes
  ["body"]                           read the request's body first
  ["echo"]                           send back what comes, until it ends
  ["gema"]                           answer with what came: the head, the body's
                                     length and SHA-1, as JSON
  ["reset"]                          close with RST
  ["hang"]                           say nothing until the peer leaves
A request without such a script gets 404. After the last step it closes.
"""
import base64
import hashlib
import json
import os
import socket
import socketserver
import struct
import sys
import time

DIRECTORY = sys.argv[1]


def read_head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            return None, b""
        data += more
    head, rest = data.split(b"\r\n\r\n", 1)
    return head, rest


def read_body(sock, head, rest):
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(rest) < length:
        more = sock.recv(65536)
        if not more:
            break
        rest += more


def read_chunks(sock, data):
    body = b""
    while True:
        while b"\r\n" not in data:
            data += sock.recv(65536)
        size, data = data.split(b"\r\n", 1)
        size = int(size.split(b";")[0], 16)
        while len(data) < size + 2:
            data += sock.recv(65536)
        if size == 0:
            return body
        body += data[:size]
        data = data[size + 2:]


def gema(sock, head, rest):
    lines = head.decode("latin-1").split("\r\n")
    fields = {k.lower(): v.strip() for k, v in (l.split(":", 1) for l in lines[1:])}
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = read_chunks(sock, rest)
    else:
        body = rest
        while len(body) < int(fields.get("content-length", "0")):
            more = sock.recv(65536)
            if not more:
                break
            body += more
    text = json.dumps({
        "how": "proxy", "line": lines[0], "method": lines[0].split(" ")[0],
        "bytes": len(body), "sha1": hashlib.sha1(body).hexdigest(),
        "length": fields.get("content-length", ""),
        "coding": fields.get("transfer-encoding", ""), "fields": fields})
    sock.sendall(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                  "Content-Length: %d\r\nConnection: close\r\n\r\n%s"
                  % (len(text), text)).encode())


def pieces(data, offsets):
    last = 0
    for at in list(offsets) + [len(data)]:
        if at > last:
            yield data[last:at]
            last = at


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head, rest = read_head(self.request)
        if head is None:
            return
        target = head.split(b" ")[1].decode("latin-1").split("?")[0]
        name = target.strip("/").split("/")[0]
        file = os.path.join(DIRECTORY, name + ".json")
        if not name or not os.path.exists(file):
            self.request.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
                                 b"Content-Length: 6\r\nConnection: close\r\n\r\nno such")
            return
        with open(file) as script:
            steps = json.load(script)
        try:
            for step in steps:
                self.run(step, head, rest)
        except OSError:
            pass

    def run(self, step, head, rest):
        verb, args = step[0], step[1:]
        sock = self.request
        if verb == "send":
            sock.sendall(args[0].encode("utf-8"))
        elif verb == "send64":
            sock.sendall(base64.b64decode(args[0]))
        elif verb == "sleep":
            time.sleep(args[0] / 1000)
        elif verb in ("split", "cut"):
            data = base64.b64decode(args[0])
            offsets = range(args[1], len(data), args[1]) if verb == "split" else args[1]
            for piece in pieces(data, offsets):
                sock.sendall(piece)
                if args[2]:
                    time.sleep(args[2] / 1000)
        elif verb == "fill":
            block = args[0].encode("latin-1") * 65536
            left = args[1]
            while left > 0:
                sock.sendall(block[:left])
                left -= len(block)
        elif verb == "body":
            read_body(sock, head, rest)
        elif verb == "gema":
            gema(sock, head, rest)
        elif verb == "echo":
            while True:
                data = sock.recv(65536)
                if not data:
                    break
                sock.sendall(data)
        elif verb == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        elif verb == "hang":
            sock.settimeout(30)
            while sock.recv(4096):
                pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    with Server(("127.0.0.1", int(sys.argv[2])), Handler) as server:
        server.serve_forever()
