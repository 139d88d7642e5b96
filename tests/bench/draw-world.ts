// Draws brought to the instant before the last reveal: signed, logged and witnessed as the protocol asks.
import { sign } from 'node:crypto'
import { eq, inArray, sql } from 'drizzle-orm'
import { type DrawPrelude, drawIdOf, type Signed, signMessage } from '@/crypto/draw-message'
import { ackOf, commitOf, dealSecret, revealOf } from '@/crypto/draw-party'
import type { RulesV2 } from '@/crypto/draw-rules'
import { cosignNote, ed25519OfSpki, noteKeyType, parseNote, verifierKeyOf } from '@/crypto/note'
import { witness } from '@/db/schema/platform/witness'
import { draw, drawList } from '@/db/schema/trading/draw'
import { partyAgent } from '@/db/schema/trading/expert'
import { lot } from '@/db/schema/trading/project'
import { type Party, partyOf } from '@/tests/crypto/draw-world'
import { anActor } from '@/tests/factories/actor'
import { aLot } from '@/tests/factories/lot'
import type { TestPlatform } from '@/tests/setup/platform'
import type { Ctx, PersonActor } from '~/platform/ctx'
import { noteOf, readPublicCheckpoint } from '~/platform/log/read.server'
import { closeJson } from '~/platform/vault/vault.server'
import { keepMessage, readDrawRow } from '~/trading/draw/draw-store.server'
import { platformKeys } from '~/trading/draw/party-agent.server'

export interface DrawWorld {
  t: TestPlatform
  lotId: string
  agency: PersonActor
  supervisor: PersonActor
  parties: Party[]
  /** Adds the witness's line to a checkpoint. */
  cosign(note: string): Promise<string>
}

function makeWitness() {
  const { sign: key, keys } = partyOf('witness')
  const publicKey = ed25519OfSpki(Buffer.from(keys.sign, 'base64'))
  const name = 'bench.witness'
  const cosign = async (note: string) => {
    const { text, lines } = parseNote(note)
    const own = await cosignNote(text, { name, publicKey }, BigInt(Math.floor(Date.now() / 1000)), message =>
      sign(null, message, key),
    )
    return `${text}\n${[...lines, own].join('\n')}\n`
  }
  return { name, vkey: verifierKeyOf(name, publicKey, noteKeyType.cosignature), cosign }
}

/** A lot whose bids are known, with all four parties registered. */
export async function drawWorld(t: TestPlatform): Promise<DrawWorld> {
  const { db } = t.platform.database
  const supervisor = await anActor(t, 'supervisor', { name: '监督机构' })
  const { lotId, agency, custodians } = await aLot(t, { state: 'bidding' })
  await db.update(lot).set({ state: 'opening' }).where(eq(lot.id, lotId))
  const own = platformKeys(t.platform)
  const organisations = {
    agency: agency.organisationId,
    supervisor: supervisor.organisationId,
    third: custodians[2]!.organisationId,
  }
  const parties: Party[] = [{ ...partyOf('platform'), sign: own.sign, wrap: own.wrap }]
  for (const [party, organisationId] of Object.entries(organisations)) {
    const made = partyOf(party)
    parties.push(made)
    const keys = { signKey: made.keys.sign, wrapKey: made.keys.wrap, registeredAt: new Date() }
    await db
      .insert(partyAgent)
      .values({ id: crypto.randomUUID(), party: party as 'agency', organisationId, name: party, ...keys })
  }
  const { name, vkey, cosign } = makeWitness()
  await db.insert(witness).values({ organisationId: supervisor.organisationId, name, vkey, registeredAt: new Date() })
  return { t, lotId, agency, supervisor, parties, cosign }
}

/** An approved draw of the lot, as its request left it. */
export function drawRowOf(
  { t, lotId, agency, supervisor }: DrawWorld,
  number: number,
  rules: RulesV2,
  units: string[],
  at: Date,
) {
  const id = crypto.randomUUID()
  const { platformId } = t.platform.config
  const avoid = units.map(organisationName => ({ organisationName, creditCode: null, code: '1', reason: '利害关系' }))
  return {
    id,
    lotId,
    round: 1,
    kind: 'committee',
    number,
    drawId: drawIdOf({ platform: platformId, lot: lotId, round: 1, kind: 'committee', number }),
    state: 'approved' as const,
    rules,
    avoidBox: closeJson(t.platform.vault, `draw avoid ${id}`, avoid),
    evaluationAt: at,
    city: '福州市',
    place: '评标室 1',
    hours: 4,
    size: 7,
    answerSeconds: 86_400,
    revealSeconds: 300,
    requestedBy: agency.organisationId,
    approvedBy: supervisor.organisationId,
    approvedAt: new Date(),
    createdAt: new Date(),
  }
}

export interface Ready {
  id: string
  /** The share that is still missing. */
  last: Signed
}

/** What `beginDraw` made of one draw; the others of a crowd stand on the same pool and list. */
export interface Template {
  prelude: DrawPrelude
  rules: RulesV2
  eligible: string
  barred: string
}

async function commitAll({ parties }: DrawWorld, prelude: DrawPrelude) {
  const secrets = parties.map(({ party }) => dealSecret(prelude, party))
  const commits = await Promise.all(secrets.map(secret => commitOf(prelude, secret)))
  const acks = commits.flatMap(commit =>
    parties.flatMap(({ party, sign: key }) => (party === commit.party ? [] : [signMessage(ackOf(prelude, commit, party), key)])),
  )
  const keyOf = (name: string) => parties.find(({ party }) => party === name)!.sign
  const shares = secrets.flatMap(secret => revealOf(prelude, secret).map(msg => signMessage(msg, keyOf(msg.by))))
  return { commits: commits.map(msg => signMessage(msg, keyOf(msg.party))), acks, shares }
}

type Dealt = Awaited<ReturnType<typeof commitAll>> & { id: string; prelude: DrawPrelude }

/** Prelude, commits and acknowledgements of one draw, in the log. */
async function begin(world: DrawWorld, template: Template, number: number, at: Date): Promise<Dealt> {
  const row = drawRowOf(world, number, template.rules, [], at)
  const prelude = { ...template.prelude, number, drawId: row.drawId }
  const dealt = await commitAll(world, prelude)
  await inTransaction(world, async ctx => {
    await ctx.db.insert(draw).values({ ...row, state: 'committing', poolRoot: prelude.pool.root })
    await ctx.db.insert(drawList).values({ drawId: row.id, eligible: template.eligible, barred: template.barred })
    const kept = await readDrawRow(ctx, row.id)
    await keepMessage(ctx, kept, signMessage(prelude, platformKeys(world.t.platform).sign), 'platform', '')
    for (const one of dealt.commits) await keepMessage(ctx, kept, one, one.msg.party, one.msg.party)
    for (const one of dealt.acks) await keepMessage(ctx, kept, one, one.msg.to, `${one.msg.from}>${one.msg.to}`)
  })
  return { ...dealt, id: row.id, prelude }
}

async function inTransaction({ t }: DrawWorld, run: (ctx: Ctx) => Promise<void>): Promise<void> {
  const ctx = await t.ctx()
  await ctx.db.transaction(tx => run({ ...ctx, db: tx }))
}

/** V named, and every share but one published. */
async function fix(world: DrawWorld, { id, prelude, shares }: Dealt, note: string, size: number): Promise<Ready> {
  const supervisor = world.parties.find(({ party }) => party === 'supervisor')!
  const { platform, project, lot: lotId, round, drawId } = prelude
  const scope = { platform, project, lot: lotId, round, drawId }
  const v = signMessage({ ...scope, t: 'tbid/draw.v@1' as const, checkpoint: note, previousSize: 0 }, supervisor.sign)
  const isLast = ({ msg }: (typeof shares)[number]) => msg.from === 'agency' && msg.to === 'third'
  await inTransaction(world, async ctx => {
    const row = await readDrawRow(ctx, id)
    await keepMessage(ctx, row, v, 'supervisor', '')
    for (const one of shares) if (!isLast(one)) await keepMessage(ctx, row, one, one.msg.by, `${one.msg.from}>${one.msg.to}`)
  })
  const fixed = { state: 'revealing' as const, checkpointNote: note, checkpointSize: size, previousSize: 0, fixedAt: new Date() }
  await world.t.platform.database.db.update(draw).set(fixed).where(eq(draw.id, id))
  return { id, last: shares.find(isLast)! }
}

/** Draws that wait for one share only. `at` says when each evaluation is. */
export async function prepareDraws(
  world: DrawWorld,
  template: Template,
  numbers: number[],
  at: (n: number) => Date,
): Promise<Ready[]> {
  const begun: Dealt[] = []
  for (const number of numbers) begun.push(await begin(world, template, number, at(number)))
  await world.t.platform.sequencer.publish()
  const ctx = await world.t.ctx()
  const checkpoint = (await readPublicCheckpoint(ctx))!
  const ids = begun.map(({ id }) => id)
  await ctx.db
    .update(draw)
    .set({
      lastIdx: sql`(select max(p.idx) from draw_message m join log_payload p on p.entry_id = m.entry_id where m.draw_id = ${draw.id})`,
    })
    .where(inArray(draw.id, ids))
  const note = await world.cosign(noteOf(checkpoint))
  const ready: Ready[] = []
  for (const one of begun) ready.push(await fix(world, one, note, checkpoint.size))
  return ready
}
