// What a bidder keeps of a bid it sealed (crypto.md §10.5): enough to prove later that a plaintext is the one it committed to, and
// nothing that opens a sealed file: no key, no part of one. Node and browser.
import { type Bytes, base64, unbase64 } from './bytes.ts'
import { canonical, parseCanonicalText } from './jcs.ts'
import {
  base64Text,
  type Checked,
  expectShape,
  hex32,
  hex64,
  integer,
  list,
  name128,
  nullable,
  oneOf,
  record,
  text,
} from './schema.ts'
import type { SealedFile } from './seal.ts'
import { twinOf } from './seal.ts'
import type { Suite, SuiteId } from './suite.ts'

const keptFile = record({
  fileId: hex32,
  role: name128,
  stage: name128,
  name: text(/^[\s\S]{1,255}$/u),
  type: text(/^[\s\S]{0,255}$/u),
  size: integer(0),
  twin: hex64,
  twinSalt: base64Text(32, 32),
})

const keepsake = record({
  t: oneOf('tbid/keepsake@1'),
  lot: name128,
  suite: oneOf('intl', 'gm'),
  /** SHA-256 of the statement's JCS. */
  statement: hex64,
  /** Content of the price file, which was written by the sealing page and lies nowhere else; null where the bidder has it as a file. */
  price: nullable(base64Text(0, 65_536)),
  files: list(keptFile, 1, 64),
})

export type Keepsake = Checked<typeof keepsake>
export type KeptTwin = Keepsake['files'][number]

/** One sealed file with what was forgotten of it everywhere else. */
export interface SealedTwin {
  file: SealedFile
  name: string
  type: string
  size: number
  twinSalt: Uint8Array
}

/** The keepsake of a sealed bid, as its file is written. */
export function keepsakeText(
  about: { lot: string; suite: SuiteId; statement: string; price: Uint8Array | null },
  sealed: SealedTwin[],
): string {
  const files = sealed.map(({ file: { fileId, role, stage, twin }, name, type, size, twinSalt }) => {
    return { fileId, role, stage, name, type, size, twin, twinSalt: base64(twinSalt) }
  })
  return canonical({ t: 'tbid/keepsake@1', ...about, price: about.price && base64(about.price), files })
}

/** A keepsake that was read back. Throws when it is none. */
export const readKeepsake = (source: string): Keepsake => expectShape(keepsake, parseCanonicalText(source.trim()), 'keepsake')

/** The price file's content, or null where it lies in a file of its own. */
export const priceOf = ({ price }: Keepsake): Bytes | null => (price === null ? null : unbase64(price))

/** Whether content of this root is what was committed. */
export const isTwin = (suite: Suite, { twin, twinSalt }: KeptTwin, contentRoot: Uint8Array): boolean =>
  twinOf(suite, unbase64(twinSalt), contentRoot) === twin
