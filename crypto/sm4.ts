// SM4 (GB/T 32907-2016) in plain JavaScript with word tables, for the browser. Table look-ups are not constant-time:
// used once per file, on the user's own machine (crypto.md §9, risk 4).

const sbox = Uint8Array.from(
  (
    'd690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699' +
    '9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6' +
    '4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35' +
    '1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e' +
    'eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3' +
    '1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51' +
    '8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0' +
    '8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948'
  ).match(/../g)!,
  byte => Number.parseInt(byte, 16),
)

const rotate = (x: number, n: number) => (x << n) | (x >>> (32 - n))
const linear = (x: number) => x ^ rotate(x, 2) ^ rotate(x, 10) ^ rotate(x, 18) ^ rotate(x, 24)
const tableOf = (shift: number) => Int32Array.from(sbox, byte => linear(byte << shift))
const [t0, t1, t2, t3] = [tableOf(24), tableOf(16), tableOf(8), tableOf(0)]

const family = [0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc]
const constantOf = (i: number) => [0, 1, 2, 3].reduce((word, j) => (word << 8) | (((4 * i + j) * 7) & 0xff), 0)

/** The 32 round keys of a 16-byte key. Throws on another length. */
export function sm4RoundKeys(key: Uint8Array): Int32Array {
  if (key.length !== 16) throw new Error('sm4: key of 16 bytes')
  const view = new DataView(key.buffer, key.byteOffset, 16)
  const k = family.map((word, i) => view.getInt32(4 * i) ^ word)
  return Int32Array.from({ length: 32 }, (_, i) => {
    const x = k[i + 1]! ^ k[i + 2]! ^ k[i + 3]! ^ constantOf(i)
    const s = (sbox[x >>> 24]! << 24) | (sbox[(x >>> 16) & 255]! << 16) | (sbox[(x >>> 8) & 255]! << 8) | sbox[x & 255]!
    const next = k[i]! ^ s ^ rotate(s, 13) ^ rotate(s, 23)
    k.push(next)
    return next
  })
}

/** Encrypts one block of four big-endian words, in place. */
export function sm4Encrypt(keys: Int32Array, block: Int32Array): void {
  let [a, b, c, d] = [block[0]!, block[1]!, block[2]!, block[3]!]
  for (let i = 0; i < 32; i += 4) {
    let x = b ^ c ^ d ^ keys[i]!
    a ^= t0[x >>> 24]! ^ t1[(x >>> 16) & 255]! ^ t2[(x >>> 8) & 255]! ^ t3[x & 255]!
    x = c ^ d ^ a ^ keys[i + 1]!
    b ^= t0[x >>> 24]! ^ t1[(x >>> 16) & 255]! ^ t2[(x >>> 8) & 255]! ^ t3[x & 255]!
    x = d ^ a ^ b ^ keys[i + 2]!
    c ^= t0[x >>> 24]! ^ t1[(x >>> 16) & 255]! ^ t2[(x >>> 8) & 255]! ^ t3[x & 255]!
    x = a ^ b ^ c ^ keys[i + 3]!
    d ^= t0[x >>> 24]! ^ t1[(x >>> 16) & 255]! ^ t2[(x >>> 8) & 255]! ^ t3[x & 255]!
  }
  block[0] = d
  block[1] = c
  block[2] = b
  block[3] = a
}

/** SM4-CTR with a 12-byte nonce and a 32-bit counter: XORs the key stream from block `counter` on into `out`, which may be `input`. */
export function sm4Ctr(keys: Int32Array, nonce: Uint8Array, counter: number, input: Uint8Array, out: Uint8Array): void {
  const view = new DataView(nonce.buffer, nonce.byteOffset, 12)
  const [n0, n1, n2] = [view.getInt32(0), view.getInt32(4), view.getInt32(8)]
  const from = new DataView(input.buffer, input.byteOffset, input.length)
  const to = new DataView(out.buffer, out.byteOffset, out.length)
  const block = new Int32Array(4)
  for (let at = 0; at < input.length; at += 16) {
    block[0] = n0
    block[1] = n1
    block[2] = n2
    block[3] = counter++
    sm4Encrypt(keys, block)
    if (at + 16 > input.length) xorTail(block, input, out, at)
    else for (let i = 0; i < 4; i++) to.setInt32(at + 4 * i, from.getInt32(at + 4 * i) ^ block[i]!)
  }
}

function xorTail(block: Int32Array, input: Uint8Array, out: Uint8Array, at: number) {
  for (let i = at; i < input.length; i++) out[i] = input[i]! ^ ((block[(i - at) >> 2]! >>> (24 - 8 * ((i - at) & 3))) & 255)
}
