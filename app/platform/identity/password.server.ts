import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** scrypt, RFC 7914: 16 MiB and about 40 ms a guess. Parameters stand in the hash, so they can grow. */
const cost = { N: 16_384, r: 8, p: 1 }

const derive = (password: string, salt: Uint8Array, options: ScryptOptions) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key))),
  )

/** `scrypt$N$r$p$salt$key`, base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$')
}

/** Whether the password fits. Without a hash it takes as long and says no, so that a name's existence does not show. */
export async function passwordFits(password: string, hash: string | null): Promise<boolean> {
  const [, N, r, p, salt, key] = (hash ?? `scrypt$16384$8$1$AAAAAAAAAAAAAAAAAAAAAA==$${'A'.repeat(43)}=`).split('$')
  const expected = Buffer.from(key!, 'base64')
  const found = await derive(password, Buffer.from(salt!, 'base64'), { N: Number(N), r: Number(r), p: Number(p) })
  return found.length === expected.length && timingSafeEqual(found, expected) && hash !== null
}
