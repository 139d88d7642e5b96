// Trust anchors: what a verifier has to know from elsewhere (crypto.md §10.14). The form of anchors.json.
import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from './bytes.ts'
import { canonicalBytes } from './jcs.ts'
import { type Checked, expectShape, list, name128, oneOf, record, text } from './schema.ts'

const vkey = text(/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/)
const base64Der = text(/^[A-Za-z0-9+/]+={0,2}$/)
const logKey = record({ name: name128, vkey })

const anchors = record({
  platform: name128,
  log: logKey,
  witnesses: list(logKey, 0, 99),
  tsa: list(record({ certificate: base64Der }), 0, 99),
  roots: list(record({ suite: oneOf('intl', 'gm'), scope: oneOf('sandbox', 'production'), certificate: base64Der }), 0, 99),
})

export type Anchors = Checked<typeof anchors>

/** Anchors from parsed JSON. Throws on any other form. */
export const readAnchors = (value: unknown): Anchors => expectShape(anchors, value, 'anchors')

/** SHA-256 of the canonical form, hex: what receipts and papers name, so that a reader can tell which anchors they mean. */
export const anchorsHash = (value: Anchors): string => hex(sha256(canonicalBytes(value)))
