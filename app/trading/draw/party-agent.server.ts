import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { and, desc, eq } from 'drizzle-orm'
import type { PartyKeys } from '@/crypto/draw-message'
import { membership, organisation } from '@/db/schema/platform/identity'
import { witness } from '@/db/schema/platform/witness'
import { partyAgent } from '@/db/schema/trading/expert'
import { lotCustodian } from '@/db/schema/trading/project'
import { command } from '~/platform/audit/command.server'
import type { Ctx, Platform } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { refuseUnless } from '~/shared/refusal'
import { findLot } from '../lot/find-lot.server'
import type { AgentInput } from './draw.form.server'
import type { DrawRow } from './draw-request.server'

const roleOf = { agency: ['agency', 'tenderer'], supervisor: ['supervisor', 'witness'], third: ['custodian'] } as const

function isKey(spki: string, kind: 'ed25519' | 'ec'): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyType === kind && (kind !== 'ec' || key.asymmetricKeyDetails?.namedCurve === 'prime256v1')
  } catch {
    return false
  }
}

/** Registers (or renews) the public keys of an organisation's draw agent. Draws that have begun keep the keys of their prelude. */
export const registerAgent = command(
  'draw.act',
  async (ctx, input: AgentInput) => {
    const actor = personOf(ctx)
    refuseUnless((roleOf[input.party] as readonly string[]).includes(actor.role), 'not-allowed', { permission: 'draw.act' })
    const fits = isKey(input.signKey, 'ed25519') && isKey(input.wrapKey, 'ec')
    refuseUnless(fits, 'bad-input', { reason: 'signKey 须为 Ed25519、wrapKey 须为 P-256 的 SPKI' })
    const row = { ...input, organisationId: actor.organisationId, registeredAt: ctx.now }
    await ctx.db
      .insert(partyAgent)
      .values({ id: crypto.randomUUID(), ...row })
      .onConflictDoUpdate({ target: [partyAgent.organisationId, partyAgent.party], set: row })
    return {
      result: { party: input.party },
      entry: { facts: { party: input.party, signKey: input.signKey, wrapKey: input.wrapKey } },
    }
  },
  'draw.register-agent',
)

const pem = (key: KeyObject) => Buffer.from(key.export({ format: 'pem', type: 'pkcs8' }) as string)
const spkiOf = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64')

/** The platform's own draw keys, from its vault. */
export function platformKeys(platform: Platform): { sign: KeyObject; wrap: KeyObject } {
  const makeSign = () => pem(generateKeyPairSync('ed25519').privateKey)
  const makeWrap = () => pem(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
  return {
    sign: createPrivateKey(Buffer.from(platform.vault.keep('draw-sign.pem', makeSign))),
    wrap: createPrivateKey(Buffer.from(platform.vault.keep('draw-wrap.pem', makeWrap))),
  }
}

type Agent = typeof partyAgent.$inferSelect

/** Who can never be the third body: the tenderer's side, the supervising side, and whoever runs the platform. */
async function interestedOrganisations(ctx: Ctx, row: DrawRow): Promise<Set<string>> {
  const { project } = await findLot(ctx, row.lotId)
  const tenderer = await ctx.db
    .select({ id: organisation.id })
    .from(organisation)
    .where(eq(organisation.creditCode, project.tendererCode))
  const operators = await ctx.db
    .selectDistinct({ id: membership.organisationId })
    .from(membership)
    .where(eq(membership.role, 'operator'))
  return new Set([project.agencyId, row.approvedBy ?? '', ...[...tenderer, ...operators].map(one => one.id)])
}

/** The third body (公证/见证): a custodian of the lot with no side in it, else any registered one; never one of the other parties' (crypto.md §10.9). */
async function thirdAgent(ctx: Ctx, row: DrawRow): Promise<Agent | undefined> {
  const interested = await interestedOrganisations(ctx, row)
  const agents = await ctx.db
    .select()
    .from(partyAgent)
    .where(eq(partyAgent.party, 'third'))
    .orderBy(desc(partyAgent.registeredAt))
  const free = agents.filter(agent => !interested.has(agent.organisationId))
  const ofRound = and(eq(lotCustodian.lotId, row.lotId), eq(lotCustodian.round, row.round))
  const keepers = await ctx.db.select({ id: lotCustodian.organisationId }).from(lotCustodian).where(ofRound)
  return free.find(agent => keepers.some(({ id }) => id === agent.organisationId)) ?? free[0]
}

async function agentOf(ctx: Ctx, party: 'agency' | 'supervisor', organisationId: string): Promise<Agent | undefined> {
  const own = and(eq(partyAgent.party, party), eq(partyAgent.organisationId, organisationId))
  const [row] = await ctx.db.select().from(partyAgent).where(own)
  return row
}

export type DrawCast = { parties: PartyKeys[]; witness: string } | { missing: string[] }

/** Who takes part in a draw with which keys; or who is still missing: the draw then waits, visibly (crypto.md §10.10). */
export async function castOf(ctx: Ctx, row: DrawRow): Promise<DrawCast> {
  const { project } = await findLot(ctx, row.lotId)
  const agents = {
    agency: await agentOf(ctx, 'agency', project.agencyId),
    supervisor: row.approvedBy ? await agentOf(ctx, 'supervisor', row.approvedBy) : undefined,
    third: await thirdAgent(ctx, row),
  }
  const [watcher] = row.approvedBy ? await ctx.db.select().from(witness).where(eq(witness.organisationId, row.approvedBy)) : []
  const absent = Object.entries(agents).flatMap(([party, agent]) => (agent ? [] : [party]))
  const missing = [...absent, ...(watcher ? [] : ['witness'])]
  if (missing.length > 0 || !watcher) return { missing }
  const own = platformKeys(ctx.platform)
  const parties: PartyKeys[] = [{ party: 'platform', sign: spkiOf(own.sign), wrap: spkiOf(own.wrap) }]
  for (const agent of Object.values(agents))
    if (agent) parties.push({ party: agent.party, sign: agent.signKey, wrap: agent.wrapKey })
  return { parties: parties.toSorted((a, b) => (a.party < b.party ? -1 : 1)), witness: watcher.vkey }
}

/** Whose agent speaks for a party of a draw: the organisation that registered these very keys. */
export async function organisationOfParty(ctx: Ctx, keys: PartyKeys): Promise<string | null> {
  const [row] = await ctx.db.select().from(partyAgent).where(eq(partyAgent.signKey, keys.sign))
  return row?.organisationId ?? null
}

/** Signing keys registered by an organisation's agents: which party of a draw it is. */
export async function signKeysOf(ctx: Ctx, organisationId: string): Promise<Set<string>> {
  const rows = await ctx.db
    .select({ signKey: partyAgent.signKey })
    .from(partyAgent)
    .where(eq(partyAgent.organisationId, organisationId))
  return new Set(rows.map(row => row.signKey))
}
