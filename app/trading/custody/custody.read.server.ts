import { and, desc, eq, notInArray } from 'drizzle-orm'
import { opening } from '@/db/schema/trading/opening'
import { lot, lotCustodian, project, sealingPolicy } from '@/db/schema/trading/project'
import type { Ctx } from '~/platform/ctx'
import { personOf } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'

export type CustodyDue = 'key' | 'cosign' | 'release' | null

const over = ['archived', 'terminated'] as const

const columns = {
  lotId: lot.id,
  lotCode: lot.code,
  lotName: lot.name,
  projectId: project.id,
  projectName: project.name,
  state: lot.state,
  suite: lot.suite,
  round: lot.round,
  releaseMode: lot.releaseMode,
  threshold: lot.threshold,
  biddingEndsAt: lot.biddingEndsAt,
  closedAt: lot.closedAt,
  idx: lotCustodian.idx,
  lotKey: lotCustodian.lotKey,
  wrappedKey: lotCustodian.wrappedKey,
  keyedAt: lotCustodian.keyedAt,
  cosignedAt: lotCustodian.cosignedAt,
  policyHash: sealingPolicy.hash,
  openingPhase: opening.phase,
}

type Standing = {
  state: string
  keyedAt: Date | null
  cosignedAt: Date | null
  policyHash: string | null
  openingPhase: string | null
}

function dueOf(row: Standing): CustodyDue {
  if (row.state === 'keying') return row.policyHash ? (row.cosignedAt ? null : 'cosign') : row.keyedAt ? null : 'key'
  // The second of two envelopes (双信封) is opened while the lot is in evaluation.
  return row.state === 'opening' || row.openingPhase === 'releasing' ? 'release' : null
}

async function ownRows(ctx: Ctx) {
  const { organisationId } = personOf(ctx)
  const rows = await ctx.db
    .select(columns)
    .from(lotCustodian)
    .innerJoin(lot, and(eq(lot.id, lotCustodian.lotId), eq(lot.round, lotCustodian.round)))
    .innerJoin(project, eq(project.id, lot.projectId))
    .leftJoin(sealingPolicy, and(eq(sealingPolicy.lotId, lot.id), eq(sealingPolicy.round, lot.round)))
    .leftJoin(opening, and(eq(opening.lotId, lot.id), eq(opening.round, lot.round)))
    .where(and(eq(lotCustodian.organisationId, organisationId), notInArray(lot.state, [...over])))
    .orderBy(desc(lot.createdAt))
    .limit(200)
  const base64 = (value: Uint8Array | null) => (value ? Buffer.from(value).toString('base64') : null)
  return rows.map(({ openingPhase, ...row }) => ({
    ...row,
    wrappedKey: base64(row.wrappedKey),
    due: dueOf({ ...row, openingPhase }),
  }))
}

/** The lots whose keys the actor's organisation keeps, newest first, with what is due from it and its own wrapped key. */
export const listCustody = (ctx: Ctx) => ownRows(ctx)

export type Custody = Awaited<ReturnType<typeof ownRows>>[number]

/** One of them; not-found to anybody else. */
export async function readCustody(ctx: Ctx, lotId: string): Promise<Custody> {
  const found = (await ownRows(ctx)).find(row => row.lotId === lotId)
  if (!found) throw new Refusal('not-found')
  return found
}
