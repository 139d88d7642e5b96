// A stranger's opener of tbid-seal/1, written from crypto/README.md with nothing but Node: node unseal-stranger.mjs FILE KEYS.json
// KEYS: {"b": scalar or null, "c": {"0": scalar, …}} in hex, the keys of the bidder's lock and of custodians by their place.
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [file, keys] = [readFileSync(process.argv[2]), JSON.parse(readFileSync(process.argv[3], 'utf8'))]
const check = (holds, what) => {
  if (!holds) {
    console.error(what)
    process.exit(1)
  }
}
const cat = (...parts) => Buffer.concat(parts.map(part => Buffer.from(part)))
const u32 = n => {
  const b = Buffer.alloc(4)
  b.writeUInt32BE(n)
  return b
}
const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ b[i]))
const sorted = v =>
  Array.isArray(v)
    ? v.map(sorted)
    : v && typeof v === 'object'
      ? Object.fromEntries(
          Object.keys(v)
            .sort()
            .map(k => [k, sorted(v[k])]),
        )
      : v
const hmac = (alg, key, data) => createHmac(alg, key).update(data).digest()
function expand(alg, prk, info, length) {
  let [out, last] = [Buffer.alloc(0), Buffer.alloc(0)]
  for (let i = 1; out.length < length; i++) {
    last = hmac(alg, prk, cat(last, info, [i]))
    out = cat(out, last)
  }
  return out.subarray(0, length)
}

// head: "TBIDSEAL" │ L │ header │ salt 24 │ commitment 32
check(file.subarray(0, 8).toString() === 'TBIDSEAL', 'magic')
const bodyAt = 12 + file.readUInt32BE(8)
const header = JSON.parse(file.subarray(12, bodyAt).toString())
check(JSON.stringify(sorted(header)) === file.subarray(12, bodyAt).toString(), 'not canonical')
const gm = header.suite === 'gm'
const [hashName, kdf, keyBytes] = gm ? ['sm3', 'sm3', 16] : ['sha256', 'sha512', 32]
const H = (...parts) =>
  createHash(hashName)
    .update(cat(...parts))
    .digest()

// AEAD_AES_256_GCM, or AEAD_SM4_GCM (RFC 8998) put together from SM4 and GHASH (SP 800-38D)
function gcmOpen(key, nonce, sealed, isAes) {
  const [ct, tag] = [sealed.subarray(0, -16), sealed.subarray(-16)]
  if (isAes) {
    const d = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
    return cat(d.update(ct), d.final())
  }
  const ecb = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
  const [hBlock, mask] = [ecb.update(Buffer.alloc(16)), ecb.update(cat(nonce, u32(1)))]
  const h = BigInt(`0x${hBlock.toString('hex')}`)
  const table = [h]
  for (let i = 1; i < 128; i++) table.push((table[i - 1] >> 1n) ^ (table[i - 1] & 1n ? 0xe1n << 120n : 0n))
  const mul = x => table.reduce((z, v, i) => ((x >> BigInt(127 - i)) & 1n ? z ^ v : z), 0n)
  let y = 0n
  const blocks = cat(ct, Buffer.alloc((16 - (ct.length % 16)) % 16), Buffer.alloc(8), u32(0), u32(ct.length * 8))
  for (let at = 0; at < blocks.length; at += 16) y = mul(y ^ BigInt(`0x${blocks.subarray(at, at + 16).toString('hex')}`))
  check(xor(Buffer.from(y.toString(16).padStart(32, '0'), 'hex'), mask).equals(tag), 'tag')
  return createDecipheriv('sm4-ctr', key, cat(nonce, u32(2))).update(ct)
}

// HPKE (RFC 9180) base mode, P-256, HKDF-SHA256, AES-256-GCM, info "tbid-seal/1", one message
function hpkeOpen(scalar, { enc, ct }) {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(scalar, 'hex')
  const label = (suite, l, ikm, salt = '') => hmac('sha256', salt || Buffer.alloc(32), cat('HPKE-v1', suite, l, ikm))
  const out = (suite, prk, l, info, n) => expand('sha256', prk, cat([0, n], 'HPKE-v1', suite, l, info), n)
  const [kem, all] = [cat('KEM', [0, 0x10]), cat('HPKE', [0, 0x10, 0, 1, 0, 2])]
  const point = Buffer.from(enc, 'base64')
  const prk = label(kem, 'eae_prk', ecdh.computeSecret(point))
  const secret = out(kem, prk, 'shared_secret', cat(point, ecdh.getPublicKey()), 32)
  const context = cat([0], label(all, 'psk_id_hash', ''), label(all, 'info_hash', 'tbid-seal/1'))
  const master = label(all, 'secret', '', secret)
  return gcmOpen(
    out(all, master, 'key', context, 32),
    out(all, master, 'base_nonce', context, 12),
    Buffer.from(ct, 'base64'),
    true,
  )
}

// SM2 decryption (GB/T 32918.4), C1 C3 C2 as DER {x, y, C3, C2}
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const mod = a => ((a % P) + P) % P
function inverse(a) {
  let [r, e, b] = [1n, P - 2n, mod(a)]
  for (; e; e >>= 1n, b = mod(b * b)) if (e & 1n) r = mod(r * b)
  return r
}
function add(p, q) {
  if (!p || !q) return p ?? q
  if (p[0] === q[0] && mod(p[1] + q[1]) === 0n) return null
  const l = p[0] === q[0] ? mod((3n * p[0] * p[0] - 3n) * inverse(2n * p[1])) : mod((q[1] - p[1]) * inverse(q[0] - p[0]))
  const x = mod(l * l - p[0] - q[0])
  return [x, mod(l * (p[0] - x) - p[1])]
}
function times(k, p) {
  let r = null
  for (; k; k >>= 1n, p = add(p, p)) if (k & 1n) r = add(r, p)
  return r
}
function sm2Open(scalar, { ct }) {
  const der = Buffer.from(ct, 'base64')
  const parts = []
  for (let at = der[1] < 128 ? 2 : 2 + (der[1] & 127); at < der.length; at += 2 + der[at + 1])
    parts.push(der.subarray(at + 2, at + 2 + der[at + 1]))
  const [x1, y1] = parts.slice(0, 2).map(part => BigInt(`0x${part.toString('hex')}`))
  const [x, y] = times(BigInt(`0x${scalar}`), [x1, y1]).map(v => Buffer.from(v.toString(16).padStart(64, '0'), 'hex'))
  let stream = Buffer.alloc(0)
  for (let i = 1; stream.length < parts[3].length; i++) stream = cat(stream, H(x, y, u32(i)))
  const plain = xor(parts[3], stream)
  check(H(x, plain, y).equals(parts[2]), 'C3')
  return plain
}

// wrap: secret │ H("tbid-seal/1 wrap\0" JCS(bind without fileId and role) 0x00 part)
const { fileId, role, ...wrapBind } = header.bind
function unwrap(wrap, scalar, part) {
  const plain = wrap.alg === 'SM2' ? sm2Open(scalar, wrap) : hpkeOpen(scalar, wrap)
  check(plain.subarray(-32).equals(H('tbid-seal/1 wrap\0', JSON.stringify(sorted(wrapBind)), [0], part)), 'binding')
  return plain.subarray(0, -32)
}
const mulByte = (a, b) => {
  let r = 0
  for (; b; b >>= 1, a = (a << 1) ^ (a & 128 ? 0x11b : 0)) if (b & 1) r ^= a
  return r
}
const invByte = a => {
  for (let b = 1; b < 256; b++) if (mulByte(a, b) === 1) return b
}
/** Lagrange at zero over GF(2^8), 0x11b; a share is y │ x. */
const combine = shares =>
  Buffer.from(
    shares[0].subarray(0, -1).map((_, i) =>
      shares.reduce((sum, s) => {
        const x = s.at(-1)
        const rest = shares.map(o => o.at(-1)).filter(o => o !== x)
        return sum ^ rest.reduce((v, o) => mulByte(v, mulByte(o, invByte(o ^ x))), s[i])
      }, 0),
    ),
  )
const parts = {
  b: () => unwrap(header.parts.b.to[0], keys.b, 'b'),
  c: () =>
    combine(
      Object.keys(keys.c).map(i => {
        const share = unwrap(header.parts.c.shares[i], keys.c[i], `c${i}`)
        check(H('tbid-seal/1 share\0', share).toString('hex') === header.parts.c.shares[i].commit, 'share')
        return share
      }),
    ),
}
const stageKey = header.release[0].map(name => parts[name]()).reduce(xor)

// body
const fileKey = expand(kdf, stageKey, cat('tbid-seal/1 file\0', fileId), keyBytes)
const [salt, commitment] = [file.subarray(bodyAt, bodyAt + 24), file.subarray(bodyAt + 24, bodyAt + 56)]
const aead = gm ? 'AEAD_SM4_GCM' : 'AEAD_AES_256_GCM'
const okm = expand(
  kdf,
  fileKey,
  cat(`c2sp.org/chunked-encryption@v1+${aead}\0`, salt, H(file.subarray(0, bodyAt))),
  keyBytes + 44,
)
check(okm.subarray(keyBytes + 12).equals(commitment), 'commitment')
const chunks = []
for (let [at, i] = [bodyAt + 56, 0]; i === 0 || chunks.at(-1).length === 16_384; at += 16_400, i++)
  chunks.push(
    gcmOpen(
      okm.subarray(0, keyBytes),
      xor(okm.subarray(keyBytes, keyBytes + 12), cat(Buffer.alloc(8), u32(i))),
      file.subarray(at, at + 16_400),
      !gm,
    ),
  )
const frame = cat(...chunks)
const m = frame.readUInt32BE(0)
const meta = JSON.parse(frame.subarray(4, 4 + m).toString())
const content = frame.subarray(4 + m, 4 + m + meta.size)
check(
  frame.subarray(4 + m + meta.size).every(byte => byte === 0),
  'padding',
)
const slices = bytes =>
  Array.from({ length: Math.ceil(bytes.length / 2 ** 20) }, (_, i) => H([0], bytes.subarray(i * 2 ** 20, (i + 1) * 2 ** 20)))
const root = leaves =>
  leaves.length === 1 ? leaves[0] : H([1], ...[leaves.slice(0, half(leaves.length)), leaves.slice(half(leaves.length))].map(root))
const half = n => 2 ** Math.ceil(Math.log2(n) - 1)
console.log(
  JSON.stringify({ name: meta.name, role, content: content.toString('base64'), root: root(slices(file)).toString('hex') }),
)
