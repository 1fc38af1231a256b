#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/reader/read_archive.py - a second reader of the archive, written from
mod_spbe_guard/store/FORMAT.md alone.

read_archive.py FOLDER --first-key KEY [--head GROUP:HEX]... [--key PEM]... [--records]

Verifies the archive in FOLDER (which has archive/ in it, or the segments) with the
first public key, and with --records prints every record as a line of JSON, its
details opened with the private keys. Ends with a line of JSON that says what was
found; exit code 0 intact, 1 broken.
"""
import argparse
import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import sys
import time
import zlib

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey, X25519PublicKey)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZERO = bytes(32)
LIMIT = 24832
CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U'


def b64(text):
    """Strict: no padding, no other characters, no bits left over."""
    if not re.fullmatch(r'[A-Za-z0-9_-]*', text):
        raise ValueError('no base64url')
    data = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b'=').decode() != text:
        raise ValueError('no canonical base64url')
    return data


def sha(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def first_key(text):
    """base64url of 43 characters, or as it is printed."""
    text = text.strip()
    if len(text) == 43 and re.fullmatch(r'[A-Za-z0-9_-]+', text):
        return b64(text)
    symbols = [CROCKFORD.index(c) for c in re.sub(r'[ -]', '', text.upper())]
    if len(symbols) != 53:
        raise ValueError('a first public key has 53 symbols')
    value = 0
    for symbol in symbols[:52]:
        if symbol > 31:
            raise ValueError('a check symbol in the middle')
        value = value * 32 + symbol
    if value % 37 != symbols[52] or value % 16 != 0:
        raise ValueError('a symbol of the key is wrong')
    return (value >> 4).to_bytes(32, 'big')


# --- segments and lines -----------------------------------------------------

def segments(folder):
    inner = os.path.join(folder, 'archive')
    folder = inner if os.path.isdir(inner) else folder
    names = sorted(n for n in os.listdir(folder) if re.fullmatch(r'\d{20}\.jsonl', n))
    return [(int(n[:20]), os.path.join(folder, n)) for n in names]


def groups(path):
    """(entries, signature line, place of the first entry) of each group, then
    what is left: (entries, None, place)."""
    entries, place, begin = [], 0, 0
    with open(path, 'rb') as file:
        for line in file:
            place += len(line)
            if not line.endswith(b'\n'):
                entries.append(line)
                break
            line = line[:-1]
            if line.startswith(b'{"g":'):
                yield entries, line, begin
                entries, begin = [], place
            else:
                entries.append(line)
    if entries:
        yield entries, None, begin


FRONT = re.compile(rb'\{"t":"[^"]*"')
EMPTIED = re.compile(rb',"x":"([A-Za-z0-9_-]{43})"')
LINE = re.compile(rb'(,"l":.*,"d":")([A-Za-z0-9_-]*)("\}\})', re.S)
BAD = re.compile(rb'(,"bad":")((?:[^"\\]|\\.)*)(","why":".*)', re.S)


def take_apart(entry):
    """The entry without its hidden value and without "x"; the SHA-256 of the
    hidden value; how it is: '' none, 'whole' or 'emptied'."""
    front = FRONT.match(entry)
    if not front:
        return entry, sha(), ''
    rest = entry[front.end():]
    x = EMPTIED.match(rest)
    if x:
        bare = rest[x.end():]
        found = LINE.fullmatch(bare) or BAD.fullmatch(bare)
        if found and found.group(2) == b'':
            try:
                return front.group() + bare, b64(x.group(1).decode()), 'emptied'
            except ValueError:
                pass
    found = LINE.fullmatch(rest) or BAD.fullmatch(rest)
    if not found:
        return entry, sha(), ''
    return (front.group() + found.group(1) + found.group(3), sha(found.group(2)),
            'whole' if found.group(2) else '')


def body(entries):
    """The hash, and whether anything was taken out."""
    total, emptied = hashlib.sha256(b'spbe-group-1'), False
    for entry in entries:
        outside, hidden, how = take_apart(entry)
        emptied = emptied or how == 'emptied'
        total.update(sha(b'spbe-entry-1', sha(outside), hidden))
    return total.digest(), emptied


SIGNED = re.compile(
    rb'\{"g":(0|[1-9]\d*),"t":"([^"]*)","up":(0|[1-9]\d*),"boot":"([0-9a-f]{8})",'
    rb'"n":(0|[1-9]\d*),"b":"([\w-]{43})","p":"([\w-]{43})","k":"([\w-]{43})",'
    rb'"x":"([\w-]{43})","s":"([\w-]{86})"\}')


def parse_signed(line):
    found = SIGNED.fullmatch(line)
    if not found:
        return None
    text = [part.decode() for part in found.groups()]
    try:
        return {'number': int(text[0]), 'time': text[1], 'up': int(text[2]),
                'boot': text[3], 'entries': int(text[4]), 'body': b64(text[5]),
                'before': b64(text[6]), 'signer': b64(text[7]), 'next': b64(text[8]),
                'signature': b64(text[9]),
                'message': b'spbe-guard group 1\n' + line[:line.index(b',"s":"')]}
    except ValueError:
        return None


# --- verifying --------------------------------------------------------------

def stamp(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


class KeyLines:
    """Which lines of a segment are of key records: only part 1 says so."""

    def __init__(self):
        self.open = set()

    def has(self, entry):
        try:
            line = json.loads(entry)['l']
        except (KeyError, ValueError):
            return False
        if line.get('h', {}).get('kind') == 'key':
            self.open.add((line['w'], line['s']))
        return (line['w'], line['s']) in self.open


class Verifier:
    def __init__(self, key, heads):
        self.key, self.heads = key, heads
        self.last = None            # the group before
        self.hash = ZERO
        self.found = []
        self.parts, self.orders = [], []    # segments; actions
        self.count = {'groups': 0, 'entries': 0, 'torn': 0, 'purged': 0}
        self.seen = set()

    def say(self, number, what):
        self.found.append({'group': number, 'what': what})

    def begin(self, address):
        self.parts.append({'address': address, 'groups': [], 'gone': [], 'bodies': 0,
                           'hidden': 0, 'keys': KeyLines()})

    def check_signed(self, group):
        try:
            Ed25519PublicKey.from_public_bytes(group['signer']).verify(
                group['signature'], group['message'])
        except (InvalidSignature, ValueError):
            self.say(group['number'], 'signature')
        number = self.last['number'] + 1 if self.last else 1
        if group['number'] != number:
            self.say(number, 'number')
        if group['before'] != self.hash:
            self.say(group['number'], 'chain')
        may = [self.last['signer'], self.last['next']] if self.last else [self.key]
        if group['signer'] not in may:
            self.say(group['number'], 'signer' if self.last else 'wrong-key')

    def check_body(self, group, entries):
        part, mode = self.parts[-1], ''
        heads = [e for e in entries if b',"segment":{' in e[:64]]
        if len(entries) == len(heads) and group['entries'] > len(heads):
            mode = 'all'
        else:
            digest, emptied = body(entries)
            if digest != group['body'] or len(entries) != group['entries']:
                self.say(group['number'], 'body')
                return
            mode = 'details' if emptied else ''
            part['bodies'] += 1
            part['hidden'] += sum(take_apart(e)[2] == 'whole' and not part['keys'].has(e)
                                  for e in entries)
        part['groups'].append(group)
        if mode:
            part['gone'].append((group['number'], mode))

    def check_head(self, group, entries, address, begin):
        if begin > 0:
            return
        try:
            head = json.loads(entries[0])['segment']
            right = (head['v'] == 1 and head['offset'] == address and
                     head['group'] == group['number'] and
                     b64(head['prev']) == group['before'] and
                     b64(head['first']) == self.key)
        except (IndexError, KeyError, TypeError, ValueError):
            right = False
        if not right:
            self.say(group['number'], 'segment')

    def take(self, entries, line, address, begin):
        if line is None:
            self.count['torn'] += sum(len(e) for e in entries)
            return
        self.count['groups'] += 1
        group = parse_signed(line)
        if group is None:
            self.say(self.last['number'] + 1 if self.last else 1, 'signature line')
            self.hash = sha(line)
            return
        self.check_signed(group)
        self.check_head(group, entries, address, begin)
        self.check_body(group, entries)
        self.last, self.hash = group, sha(line)
        for number, digest in self.heads:
            if number == group['number'] and digest != self.hash.hex():
                self.say(number, 'head')
        for entry in entries:
            self.look(group, entry)

    def look(self, group, entry):
        self.count['entries'] += 1
        if b'"do":{' not in entry:
            return
        h = json.loads(entry).get('l', {}).get('h', {})
        if h.get('kind') == 'action' and 'do' in h:
            self.orders.append((group, len(self.parts), h))

    def is_held(self, part, at):
        """A hold of before the order, not released before it."""
        first, last = part['groups'][0], part['groups'][-1]
        for group, _, h in self.orders:
            do = h['do']
            if do['what'] != 'hold' or group['number'] >= at:
                continue
            released = any(g['number'] <= at and o['do'].get('hold') == h['id']
                           for g, _, o in self.orders)
            if (not released and do['since'] <= last['time'] and
                    do.get('until', '9') >= first['time']):
                return True
        return False

    def is_ordered(self, part, nth, behind):
        all_gone = any(mode == 'all' for _, mode in part['gone'])
        if part['bodies'] if all_gone else part['hidden']:
            return False            # not the segment as a whole
        first, last = part['groups'][0], part['groups'][-1]
        for group, where, h in self.orders:
            do = h['do']
            if (do['what'] == 'purge' and (do['mode'] == 'all' or not all_gone) and
                    group['number'] > last['number'] and where != nth and
                    do['from'] <= first['number'] and last['number'] <= do['to'] and
                    do['first'] <= part['address'] and
                    behind is not None and behind <= do['behind'] and
                    last['time'] < do['before'] and
                    stamp(last['time']) + 86400 <= stamp(group['time']) and
                    stamp(group['time']) <= time.time() + 300 and
                    not self.is_held(part, group['number'])):
                return True
        return False

    def end(self):
        if self.last is None:
            self.say(0, 'empty')
        for number, _ in self.heads:
            if self.last is None or number > self.last['number']:
                self.say(number, 'head missing')
        for nth, part in enumerate(self.parts, 1):
            behind = self.parts[nth]['address'] if nth < len(self.parts) else None
            self.count['purged'] += len(part['gone'])
            if part['gone'] and not self.is_ordered(part, nth, behind):
                self.say(part['gone'][0][0], 'purged without order')


# --- opening ----------------------------------------------------------------

def hkdf_extract(salt, data):
    return hmac.new(salt, data, hashlib.sha256).digest()


def hkdf_expand(key, info, size):
    out, block, n = b'', b'', 1
    while len(out) < size:
        block = hmac.new(key, block + info + bytes([n]), hashlib.sha256).digest()
        out, n = out + block, n + 1
    return out[:size]


def hpke_open(private, enc, info, aad, sealed):
    """RFC 9180, base mode, single shot, with the suite of FORMAT.md."""
    def extract(suite, salt, label, data):
        return hkdf_extract(salt, b'HPKE-v1' + suite + label + data)

    def expand(suite, key, label, data, size):
        return hkdf_expand(key, size.to_bytes(2, 'big') + b'HPKE-v1' + suite + label + data,
                           size)

    kem = b'KEM' + (0x20).to_bytes(2, 'big')
    suite = b'HPKE' + b''.join(n.to_bytes(2, 'big') for n in (0x20, 1, 2))
    public = raw_public(private)
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    shared = expand(kem, extract(kem, b'', b'eae_prk', shared), b'shared_secret',
                    enc + public, 32)
    context = (b'\0' + extract(suite, b'', b'psk_id_hash', b'') +
               extract(suite, b'', b'info_hash', info))
    secret = extract(suite, shared, b'secret', b'')
    key = expand(suite, secret, b'key', context, 32)
    nonce = expand(suite, secret, b'base_nonce', context, 12)
    return AESGCM(key).decrypt(nonce, sealed, aad)


def raw_public(private):
    return private.public_key().public_bytes(serialization.Encoding.Raw,
                                             serialization.PublicFormat.Raw)


class Opener:
    def __init__(self, paths):
        self.private = {}
        self.contents = {}          # key id: content keys that came under it
        for path in paths:
            with open(path, 'rb') as file:
                key = serialization.load_pem_private_key(file.read(), None)
            assert isinstance(key, X25519PrivateKey), path
            self.private[sha(raw_public(key))[:8].hex()] = key

    def learn(self, details):
        record = json.loads(details)
        if record['suite'] != 'X25519-SHA256-AES256GCM':
            return
        for to in record['to']:
            private = self.private.get(to['r'])
            if private is None:
                continue
            try:
                content = hpke_open(private, b64(to['enc']), b'spbe-guard key 1',
                                    record['key'].encode(), b64(to['ct']))
            except InvalidTag:
                continue
            known = self.contents.setdefault(record['key'], [])
            if content not in known and len(known) < 8:
                known.append(content)

    def open(self, key, h, sealed):
        for content in self.contents.get(key, []):
            try:
                text = AESGCM(content).decrypt(sealed[:12], sealed[12:], h)
            except InvalidTag:
                continue
            return json.loads(zlib.decompress(text))
        return None


def index_part(line):
    """h byte for byte: from behind its name to where the object ends."""
    text = line.decode()
    begin = text.index('"h":') + 4
    _, end = json.JSONDecoder().raw_decode(text[begin:])
    return text[begin:begin + end].encode()


class Records:
    """Lines put together to records, and opened."""

    def __init__(self, opener):
        self.opener = opener
        self.open, self.done = {}, []

    def take(self, entry):
        if b',"l":' not in entry[:100]:
            return
        line = json.loads(entry)['l']
        name = (line['w'], line['s'])
        parts = self.open.setdefault(name, {})
        parts.setdefault(line['p'], (line, entry))
        if len(parts) == line['n']:
            self.finish(name, [parts[i + 1] for i in range(line['n'])])

    def finish(self, name, parts):
        line, entry = parts[0]
        raw = entry[entry.index(b',"l":') + 5:-1]
        details = b''.join(b64(p['d']) for p, _ in parts)
        record = {'writer': name[0], 'seq': name[1], 'key': line['k'], 'h': line['h']}
        if line['k'] == '':
            record['d'] = json.loads(details) if details else None
            if line['h'].get('kind') == 'key' and details:
                self.opener.learn(details)
        else:
            record['sealed'] = (line['k'], index_part(raw), details)
        self.done.append(record)

    def all(self):
        # A key that was written again may stand behind what it opens.
        for record in self.done:
            if 'sealed' in record:
                key, h, details = record.pop('sealed')
                record['d'] = self.opener.open(key, h, details) if details else None
                record['opened'] = record['d'] is not None
            yield record


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder')
    parser.add_argument('--first-key', required=True)
    parser.add_argument('--head', action='append', default=[])
    parser.add_argument('--key', action='append', default=[])
    parser.add_argument('--records', action='store_true')
    args = parser.parse_args()
    heads = [(int(h.split(':')[0]), h.split(':')[1].lower()) for h in args.head]
    verifier = Verifier(first_key(args.first_key), heads)
    records = Records(Opener(args.key))
    for address, path in segments(args.folder):
        verifier.begin(address)
        for entries, line, begin in groups(path):
            verifier.take(entries, line, address, begin)
            if line is not None and args.records:
                for entry in entries:
                    records.take(entry)
    verifier.end()
    for record in records.all():
        print(json.dumps(record))
    last = verifier.last
    print(json.dumps({
        'result': 'broken' if verifier.found else 'intact', 'found': verifier.found,
        'head': f"{last['number']}:{verifier.hash.hex()}" if last else None,
        **verifier.count}))
    return 1 if verifier.found else 0


if __name__ == '__main__':
    sys.exit(main())
