import { expertLeaf, expertSalt } from '@/crypto/draw'
import type { DrawRecord } from '@/crypto/draw-record'
import type { Platform } from '~/platform/ctx'
import { closeJson, openJson } from '~/platform/vault/vault.server'
import { type Expert, openExpert, recordOf, snapshotKey } from '../expert/expert.server'

const about = (c: string) => `draw record ${c}`

/** Boxes the record behind a commitment with its salt; null when the record has changed since the snapshot and can no longer be shown. */
export function closeRecord(platform: Platform, person: Expert, c: string): Uint8Array | null {
  const salt = expertSalt(snapshotKey(platform), person.code)
  const record = recordOf(person, openExpert(platform, person))
  if (expertLeaf(salt, record) !== c) return null
  return closeJson(platform.vault, about(c), { c, salt: Buffer.from(salt).toString('hex'), record } satisfies DrawRecord)
}

/** The record that `closeRecord` boxed. */
export const openRecord = (platform: Platform, c: string, box: Uint8Array): DrawRecord =>
  openJson<DrawRecord>(platform.vault, about(c), box)
