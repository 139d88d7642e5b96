import { and, eq } from 'drizzle-orm'
import { shareHash } from '@/crypto/draw'
import { checkFixed, treeOf } from '@/crypto/draw-fixed'
import {
  type DrawAck,
  type DrawCommit,
  type DrawMessage,
  type DrawPrelude,
  type DrawShare,
  type DrawV,
  isSameDraw,
  isSignedBy,
  keysOf,
  readSigned,
  type Signed,
  signerOf,
} from '@/crypto/draw-message'
import { canonical } from '@/crypto/jcs'
import { draw, drawMessage } from '@/db/schema/trading/draw'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { next } from '~/shared/flow'
import { refuseUnless } from '~/shared/refusal'
import { drawFlow } from './draw'
import { readCommitted } from './draw-fixed.server'
import { type DrawRow, lockDraw } from './draw-request.server'
import { type DrawMessages, keepMessage, messagesOf } from './draw-store.server'
import { organisationOfParty } from './party-agent.server'

const postable = ['tbid/draw.commit@1', 'tbid/draw.ack@1', 'tbid/draw.v@1', 'tbid/draw.share@1'] as const
type Postable = Extract<DrawMessage, { t: (typeof postable)[number] }>

const refuse: (holds: unknown, reason: string) => asserts holds = (holds, reason) =>
  refuseUnless(holds, 'draw-message-refused', { reason })

function readPosted(value: { msg: Record<string, unknown>; sig: string }): Signed<Postable> {
  const t = postable.find(name => name === value.msg.t)
  refuse(t, '未知的消息类型')
  try {
    return readSigned(value, t)
  } catch {
    refuse(false, '字段与格式不符')
  }
}

/** What a message speaks of: one of each per draw. */
function aboutOf(msg: Postable): string {
  if (msg.t === 'tbid/draw.commit@1') return msg.party
  return msg.t === 'tbid/draw.v@1' ? '' : `${msg.from}>${msg.to}`
}

/** The sender's organisation must be the one whose agent holds the keys; the platform speaks for itself. */
async function checkSender(ctx: Ctx, prelude: DrawPrelude, signed: Signed<Postable>) {
  const { msg } = signed
  refuse(isSameDraw(msg, prelude), '不是本次抽取的消息')
  const party = signerOf(prelude, msg)
  const keys = prelude.parties.find(one => one.party === party)
  refuse(keys && isSignedBy(signed, keys.sign), '签名不符')
  if (ctx.actor.kind === 'system') return party
  const isOwn = party !== 'platform' && (await organisationOfParty(ctx, keys)) === personOf(ctx).organisationId
  refuseUnless(isOwn, 'not-allowed', { permission: 'draw.act' })
  return party
}

/** Takes a party's message into the log, and says whether all shares are out now. The same message twice is once; another one in its place is refused. */
export const postMessage = command(
  'draw.act',
  async (ctx, { id, value }: { id: string; value: { msg: Record<string, unknown>; sig: string } }) => {
    const row = await lockDraw(ctx, id)
    const signed = readPosted(value)
    const messages = await messagesOf(ctx, row)
    const party = await checkSender(ctx, messages.prelude.signed.msg, signed)
    const about = aboutOf(signed.msg)
    if (await isKept(ctx, row, signed, about)) return { result: { isLastShare: false }, entry: null }
    await accept(ctx, row, messages, signed.msg, signed)
    await keepMessage(ctx, row, signed, party, about)
    const { length } = messages.prelude.signed.msg.parties
    const isShare = signed.msg.t === 'tbid/draw.share@1'
    const isLastShare = isShare && messages.shares.length + 1 === length * (length - 1)
    return { result: { isLastShare }, entry: null }
  },
  'draw.message',
)

async function isKept(ctx: Ctx, row: DrawRow, signed: Signed, about: string): Promise<boolean> {
  const same = and(eq(drawMessage.drawId, row.id), eq(drawMessage.t, signed.msg.t), eq(drawMessage.about, about))
  const [kept] = await ctx.db.select({ signed: drawMessage.signed }).from(drawMessage).where(same)
  if (!kept) return false
  // A holder and the dealer may publish the same share; whoever comes second changes nothing.
  refuse(signed.msg.t === 'tbid/draw.share@1' || kept.signed === canonical(signed), '同一事项已有另一条消息')
  return true
}

async function accept(ctx: Ctx, row: DrawRow, messages: DrawMessages, msg: Postable, signed: Signed<Postable>): Promise<void> {
  const { prelude } = messages
  switch (msg.t) {
    case 'tbid/draw.commit@1':
      return acceptCommit(row, prelude.signed.msg, msg)
    case 'tbid/draw.ack@1':
      return acceptAck(row, messages, msg)
    case 'tbid/draw.share@1':
      return acceptShare(row, messages, msg)
    case 'tbid/draw.v@1':
      return acceptV(ctx, row, messages, { msg, sig: signed.sig })
  }
}

function acceptCommit(row: DrawRow, prelude: DrawPrelude, msg: DrawCommit): void {
  refuseUnless(row.state === 'committing', 'draw-not-due', { state: row.state })
  const holders = prelude.parties.map(({ party }) => party).filter(party => party !== msg.party)
  refuse(Object.keys(msg.shares).sort().join() === holders.join(), '须为每一个其他方各留一份')
}

function acceptAck(row: DrawRow, { commits }: DrawMessages, msg: DrawAck): void {
  refuseUnless(row.state === 'committing', 'draw-not-due', { state: row.state })
  const commit = commits.find(one => one.signed.msg.party === msg.from)
  refuse(commit?.signed.msg.shares[msg.to]?.hash === msg.hash, '确认的份额与承诺不符')
}

function acceptShare(row: DrawRow, { commits, prelude }: DrawMessages, msg: DrawShare): void {
  refuseUnless(row.state === 'revealing', 'draw-not-due', { state: row.state })
  refuse(msg.by === msg.from || msg.by === msg.to, '只有分出者或持有者可以公开份额')
  keysOf(prelude.signed.msg, msg.by)
  const commit = commits.find(one => one.signed.msg.party === msg.from)
  const hash = shareHash(msg.drawId, msg.from, msg.to, Buffer.from(msg.share, 'base64'))
  refuseUnless(commit?.signed.msg.shares[msg.to]?.hash === hash, 'draw-share-mismatch', {
    party: msg.by,
    about: `${msg.from}>${msg.to}`,
  })
}

/** V is named once: over the first checkpoint this witness cosigned after the last commit entry (crypto.md §10.9). */
async function acceptV(ctx: Ctx, row: DrawRow, messages: DrawMessages, signed: Signed<DrawV>): Promise<void> {
  refuseUnless(row.state === 'committing', 'draw-not-due', { state: row.state })
  refuse(row.lastIdx !== null, '承诺与确认尚未齐备')
  const { checkpoint, previousSize } = signed.msg
  const { size } = readNote(checkpoint)
  const named = { ...row, checkpointNote: checkpoint, checkpointSize: size, previousSize }
  const committed = await readCommitted(ctx, named, messages)
  refuse(committed, '前一检查点不在日志中')
  const { broken } = checkFixed({ ...committed, v: signed }, null)
  refuse(broken.length === 0, broken.map(({ code }) => code).join('、'))
  const state = next(drawFlow, row.state, 'fix')
  const change = { state, checkpointNote: checkpoint, checkpointSize: size, previousSize, fixedAt: ctx.now }
  await ctx.db.update(draw).set(change).where(eq(draw.id, row.id))
}

function readNote(note: string) {
  try {
    return treeOf(note)
  } catch {
    refuse(false, '检查点格式不符')
  }
}
