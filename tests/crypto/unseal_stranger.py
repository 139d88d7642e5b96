"""A stranger's opener of tbid-seal/1, written from crypto/README.md: python3 unseal_stranger.py FILE KEYS.json

KEYS: {"b": scalar, "c": {"0": scalar, ...}} in hex, the keys of the bidder's lock and of custodians by their place.
"""
import base64, hashlib, hmac, json, struct, sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

data, keys = open(sys.argv[1], "rb").read(), json.load(open(sys.argv[2]))


def check(holds, what):
    if not holds:
        sys.exit(what)


def sm3(text):
    h = hashes.Hash(hashes.SM3())
    h.update(text)
    return h.finalize()


def mac(name, key, text):
    if name != "sm3":
        return hmac.new(key, text, name).digest()
    key = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    return sm3(bytes(k ^ 0x5C for k in key) + sm3(bytes(k ^ 0x36 for k in key) + text))


def expand(name, prk, info, length):
    out, last, i = b"", b"", 1
    while len(out) < length:
        last = mac(name, prk, last + info + bytes([i]))
        out, i = out + last, i + 1
    return out[:length]


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def jcs(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


check(data[:8] == b"TBIDSEAL", "magic")
body = 12 + struct.unpack(">I", data[8:12])[0]
header = json.loads(data[12:body])
check(jcs(header) == data[12:body], "not canonical")
gm = header["suite"] == "gm"
kdf, size = ("sm3", 16) if gm else ("sha512", 32)
H = sm3 if gm else lambda text: hashlib.sha256(text).digest()


def sm4_gcm_open(key, nonce, sealed):
    ct, tag = sealed[:-16], sealed[-16:]
    ecb = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    h, mask = int.from_bytes(ecb.update(bytes(16)), "big"), ecb.update(nonce + b"\0\0\0\1")
    table = [h]
    for _ in range(127):
        table.append(table[-1] >> 1 ^ (0xE1 << 120 if table[-1] & 1 else 0))
    y, padded = 0, ct + bytes(-len(ct) % 16) + struct.pack(">QQ", 0, len(ct) * 8)
    for at in range(0, len(padded), 16):
        x, y = y ^ int.from_bytes(padded[at : at + 16], "big"), 0
        for i in range(128):
            if x >> (127 - i) & 1:
                y ^= table[i]
    check(xor(y.to_bytes(16, "big"), mask) == tag, "tag")
    return Cipher(algorithms.SM4(key), modes.CTR(nonce + b"\0\0\0\2")).decryptor().update(ct)


def aead_open(key, nonce, sealed):
    return sm4_gcm_open(key, nonce, sealed) if gm else AESGCM(key).decrypt(nonce, sealed, b"")


def hpke_open(scalar, wrap):
    secret = ec.derive_private_key(int(scalar, 16), ec.SECP256R1())
    point = base64.b64decode(wrap["enc"])
    n = secret.public_key().public_numbers()
    own = b"\4" + n.x.to_bytes(32, "big") + n.y.to_bytes(32, "big")
    dh = secret.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    extract = lambda suite, label, ikm, salt=b"": mac("sha256", salt, b"HPKE-v1" + suite + label + ikm)
    out = lambda suite, prk, label, info, n: expand("sha256", prk, bytes([0, n]) + b"HPKE-v1" + suite + label + info, n)
    kem, full = b"KEM\0\x10", b"HPKE\0\x10\0\1\0\2"
    shared = out(kem, extract(kem, b"eae_prk", dh), b"shared_secret", point + own, 32)
    context = b"\0" + extract(full, b"psk_id_hash", b"") + extract(full, b"info_hash", b"tbid-seal/1")
    master = extract(full, b"secret", b"", shared)
    key, nonce = out(full, master, b"key", context, 32), out(full, master, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, base64.b64decode(wrap["ct"]), b"")


P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF


def add(p, q):
    if not p or not q:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    top, under = (3 * p[0] * p[0] - 3, 2 * p[1]) if p[0] == q[0] else (q[1] - p[1], q[0] - p[0])
    slope = top * pow(under, -1, P) % P
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def sm2_open(scalar, wrap):
    der, fields = base64.b64decode(wrap["ct"]), []
    at = 2 if der[1] < 128 else 2 + (der[1] & 127)
    while at < len(der):
        fields.append(der[at + 2 : at + 2 + der[at + 1]])
        at += 2 + der[at + 1]
    k, p, q = int(scalar, 16), (int.from_bytes(fields[0], "big"), int.from_bytes(fields[1], "big")), None
    while k:
        q, p, k = add(q, p) if k & 1 else q, add(p, p), k >> 1
    x, y = (v.to_bytes(32, "big") for v in q)
    stream = b"".join(sm3(x + y + struct.pack(">I", i)) for i in range(1, len(fields[3]) // 32 + 2))
    plain = xor(fields[3], stream)
    check(sm3(x + plain + y) == fields[2], "C3")
    return plain


bind = {name: value for name, value in header["bind"].items() if name not in ("fileId", "role")}


def unwrap(wrap, scalar, part):
    plain = (sm2_open if wrap["alg"] == "SM2" else hpke_open)(scalar, wrap)
    check(plain[-32:] == H(b"tbid-seal/1 wrap\0" + jcs(bind) + b"\0" + part.encode()), "binding")
    return plain[:-32]


def mul(a, b):
    r = 0
    while b:
        r, a, b = r ^ (a if b & 1 else 0), a << 1 ^ (0x11B if a & 128 else 0), b >> 1
    return r


def combine(shares):
    inverse = lambda a: next(b for b in range(1, 256) if mul(a, b) == 1)
    out = bytearray(len(shares[0]) - 1)
    for share in shares:
        weight = 1
        for other in shares:
            if other[-1] != share[-1]:
                weight = mul(weight, mul(other[-1], inverse(other[-1] ^ share[-1])))
        for i, byte in enumerate(share[:-1]):
            out[i] ^= mul(byte, weight)
    return bytes(out)


def part(name):
    if name == "b":
        return unwrap(header["parts"]["b"]["to"][0], keys["b"], "b")
    wraps = header["parts"]["c"]["shares"]
    shares = [unwrap(wraps[int(i)], scalar, "c" + i) for i, scalar in keys["c"].items()]
    check(all(H(b"tbid-seal/1 share\0" + s).hex() == wraps[int(i)]["commit"] for i, s in zip(keys["c"], shares)), "share")
    return combine(shares)


stage = None
for name in header["release"][0]:
    stage = part(name) if stage is None else xor(stage, part(name))
key = expand(kdf, stage, b"tbid-seal/1 file\0" + header["bind"]["fileId"].encode(), size)
salt, commitment = data[body : body + 24], data[body + 24 : body + 56]
name = b"AEAD_SM4_GCM" if gm else b"AEAD_AES_256_GCM"
okm = expand(kdf, key, b"c2sp.org/chunked-encryption@v1+" + name + b"\0" + salt + H(data[:body]), size + 44)
check(okm[size + 12 :] == commitment, "commitment")
frame, at, i = b"", body + 56, 0
while True:
    chunk = aead_open(okm[:size], xor(okm[size : size + 12], struct.pack(">IQ", 0, i)), data[at : at + 16400])
    frame, at, i = frame + chunk, at + 16400, i + 1
    if len(chunk) < 16384:
        break
m = struct.unpack(">I", frame[:4])[0]
meta = json.loads(frame[4 : 4 + m])
content = frame[4 + m : 4 + m + meta["size"]]
check(not any(frame[4 + m + meta["size"] :]), "padding")


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return H(b"\1" + root(leaves[:half]) + root(leaves[half:]))


slices = [H(b"\0" + data[i : i + 2**20]) for i in range(0, len(data), 2**20)]
found = {"name": meta["name"], "role": header["bind"]["role"], "content": base64.b64encode(content).decode()}
print(json.dumps({**found, "root": root(slices).hex()}, ensure_ascii=False))
