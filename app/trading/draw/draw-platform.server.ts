import { eq } from 'drizzle-orm'
import { type DrawMessage, signMessage } from '@/crypto/draw-message'
import {
  ackOf,
  commitOf,
  type DealtSecret,
  type DrawSight,
  type Duty,
  dealSecret,
  dutiesOf,
  openShare,
  publishFor,
  revealOf,
} from '@/crypto/draw-party'
import { p256FromPkcs8 } from '@/crypto/hpke'
import { draw } from '@/db/schema/trading/draw'
import type { Ctx } from '~/platform/ctx'
import { closeJson, openJson } from '~/platform/vault/vault.server'
import { postMessage } from './draw-message.server'
import type { DrawRow } from './draw-request.server'
import { type DrawMessages, readDrawRow, readMessages } from './draw-store.server'
import { platformKeys } from './party-agent.server'

const secretAbout = (id: string) => `draw secret ${id}`

/** What a party can see of a draw under way, at this instant. */
export const sightOf = (ctx: Ctx, row: DrawRow, { prelude, commits, acks, shares }: DrawMessages): DrawSight => ({
  prelude: prelude.signed.msg,
  commits: commits.map(one => one.signed),
  acks: acks.map(one => one.signed),
  sinceV: row.fixedAt && (ctx.now.getTime() - row.fixedAt.getTime()) / 1000,
  shares: shares.map(one => one.signed),
})

/** The platform's own dealt secret of a draw, made and kept before its commit goes out. Of no other party is anything kept. */
async function ownSecret(ctx: Ctx, row: DrawRow, sight: DrawSight): Promise<DealtSecret> {
  const { vault } = ctx.platform
  if (row.secretBox) return openJson<DealtSecret>(vault, secretAbout(row.id), row.secretBox)
  const secret = dealSecret(sight.prelude, 'platform')
  await ctx.db
    .update(draw)
    .set({ secretBox: closeJson(vault, secretAbout(row.id), secret) })
    .where(eq(draw.id, row.id))
  return secret
}

const wrapKey = (ctx: Ctx) => p256FromPkcs8(platformKeys(ctx.platform).wrap.export({ format: 'der', type: 'pkcs8' }))

async function messagesFor(ctx: Ctx, row: DrawRow, sight: DrawSight, duty: Duty): Promise<DrawMessage[]> {
  if (duty.do === 'commit') return [await commitOf(sight.prelude, await ownSecret(ctx, row, sight))]
  if (duty.do === 'reveal') return revealOf(sight.prelude, await ownSecret(ctx, row, sight))
  if (duty.do === 'name-v') return []
  const commit = sight.commits.find(({ msg }) => msg.party === duty.from)
  const share = commit && (await openShare(commit.msg, 'platform', await wrapKey(ctx)))
  if (!commit || !share) return []
  return duty.do === 'ack'
    ? [ackOf(sight.prelude, commit.msg, 'platform')]
    : [publishFor(sight.prelude, duty.from, 'platform', share)]
}

/** Does what the platform owes as one party of the draw: commit, acknowledge, reveal, and publish for the silent. */
export async function actAsPlatform(ctx: Ctx, id: string): Promise<void> {
  const row = await readDrawRow(ctx, id)
  const messages = await readMessages(ctx, id)
  if (!messages) return
  const sight = sightOf(ctx, row, messages)
  const { sign } = platformKeys(ctx.platform)
  for (const duty of dutiesOf(sight, 'platform')) {
    for (const msg of await messagesFor(ctx, row, sight, duty))
      await postMessage(ctx, { id, value: { ...signMessage(msg, sign) } })
  }
}
