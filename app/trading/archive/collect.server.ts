import { and, asc, eq } from 'drizzle-orm'
import { evaluationReport, evaluationSignature } from '@/db/schema/trading/evaluation'
import { paper } from '@/db/schema/trading/opening'
import { notice, tenderDocument } from '@/db/schema/trading/project'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import { readFileRow } from '~/platform/files/file.server'
import { readListsFor } from '~/platform/identity/revocation.server'
import { type Checkpoint, noteOf, proveInclusion } from '~/platform/log/read.server'
import { Refusal } from '~/shared/refusal'
import { listCustodians, readPolicyRow } from '../custody/policy.read.server'
import { listLotDraws } from '../draw/draw.read.server'
import { readArchived } from '../draw/record.server'
import type { FoundLot } from '../lot/find-lot.server'
import { listActs, readParameterTranscript } from '../opening/act.read.server'
import { answerScope, listAnswers } from '../opening/answer.server'
import { answerTextOf } from '../opening/answer-text'
import { sittingsOf } from '../opening/envelope.server'
import { findOpening, type OpeningRow } from '../opening/event.server'
import { readParameterProof } from '../opening/parameter.server'
import { listRecordSignatures } from '../opening/record-signers.server'
import { bidMembers, releaseMembers } from './collect-bids.server'
import { listAllEntries } from './lot-log.server'
import { jsonMember, type Member, safeName, textMember } from './member'

async function* logMembers(ctx: Ctx, found: FoundLot, checkpoint: Checkpoint): AsyncGenerator<Member> {
  const covered = (await listAllEntries(ctx, found)).filter(entry => entry.idx < checkpoint.size)
  const entries = []
  for (const { idx, salt, payload } of covered) {
    const proof = await proveInclusion(ctx.platform, idx, checkpoint.size)
    entries.push({ idx, salt, payload, proof: proof.map(hash => Buffer.from(hash).toString('hex')) })
  }
  yield textMember('data/log/checkpoint.txt', noteOf(checkpoint))
  if (checkpoint.tsaToken) yield { path: 'data/log/checkpoint.tst', content: checkpoint.tsaToken }
  yield jsonMember('data/log/entries.json', entries)
}

async function* policyMembers(ctx: Ctx, { lot }: FoundLot): AsyncGenerator<Member> {
  const row = await readPolicyRow(ctx, lot.id, lot.round)
  if (!row?.completedAt) return
  yield textMember('data/policy/policy.json', row.payload)
  yield { path: 'data/policy/agency.p7s', content: row.agencyCms }
  for (const { idx, policyCms } of await listCustodians(ctx, lot.id, lot.round))
    if (policyCms) yield { path: `data/policy/custodian-${idx}.p7s`, content: policyCms }
}

/** What was signed in one sitting: the frozen record, signatures beside its PDF, the bidders' words on it. */
async function* sittingMembers(ctx: Ctx, found: FoundLot, row: OpeningRow, name: string): AsyncGenerator<Member> {
  if (row.recordPayload) yield textMember(`data/opening/${name}record.json`, row.recordPayload)
  for (const [i, { form, role, size, cms, at }] of (await listRecordSignatures(ctx, row)).entries()) {
    if (form !== 'detached') continue
    // Over the first `size` bytes of the record's PDF.
    const path = `data/opening/record-signatures/${name}${String(i + 1).padStart(3, '0')}`
    yield { path: `${path}.p7s`, content: cms }
    yield jsonMember(`${path}.json`, { role, size, at })
  }
  for (const [i, { answer, text, reply, cms, organisationId, at }] of (await listAnswers(ctx, row)).entries()) {
    const path = `data/opening/confirmations/${name}${String(i + 1).padStart(3, '0')}`
    if (answer === 'silent' || !cms) {
      yield jsonMember(`${path}-silent.json`, { organisationId, answer, at })
      continue
    }
    yield textMember(`${path}.json`, answerTextOf(answerScope(ctx, found, row, organisationId), { answer, text }))
    yield { path: `${path}.p7s`, content: cms }
    yield textMember(`${path}.at`, at.toISOString())
    if (reply) yield textMember(`${path}.reply.txt`, reply)
  }
}

async function* openingMembers(ctx: Ctx, found: FoundLot): AsyncGenerator<Member> {
  const row = await findOpening(ctx, found.lot.id)
  if (!row) return
  const [last, first] = sittingsOf(row).reverse()
  if (first) yield* sittingMembers(ctx, found, first, 'first-')
  if (last) yield* sittingMembers(ctx, found, last, '')
  for (const [i, act] of (await listActs(ctx, row)).entries())
    yield jsonMember(`data/opening/acts/${String(i + 1).padStart(3, '0')}-${act.kind}.json`, act)
  if (await readParameterTranscript(ctx, row))
    yield jsonMember('data/opening/parameters.json', await readParameterProof(ctx, row.lotId))
}

async function* drawMembers(ctx: Ctx, { lot }: FoundLot): AsyncGenerator<Member> {
  for (const { id, drawId } of await listLotDraws(ctx, lot.id)) {
    const archived = await readArchived(ctx, id).catch((error: unknown) => {
      // A draw that was voided or stopped before a panel was seated has no transcript; its log entries are archived all the same.
      if (error instanceof Refusal) return null
      throw error
    })
    if (archived) yield jsonMember(`data/draws/${safeName(drawId)}.json`, archived)
  }
}

async function* evaluationMembers(ctx: Ctx, { lot }: FoundLot): AsyncGenerator<Member> {
  const [report] = await ctx.db
    .select()
    .from(evaluationReport)
    .where(and(eq(evaluationReport.lotId, lot.id), eq(evaluationReport.round, lot.round)))
  if (!report) return
  yield textMember('data/evaluation/report.json', report.content)
  const signatures = await ctx.db
    .select()
    .from(evaluationSignature)
    .where(and(eq(evaluationSignature.lotId, lot.id), eq(evaluationSignature.round, lot.round)))
    .orderBy(asc(evaluationSignature.at))
  for (const [i, { statement, cms, at }] of signatures.entries()) {
    const path = `data/evaluation/signatures/${String(i + 1).padStart(2, '0')}`
    yield textMember(`${path}.json`, statement)
    yield { path: `${path}.p7s`, content: cms }
    yield textMember(`${path}.at`, at.toISOString())
  }
}

async function* paperMembers(ctx: Ctx, { lot }: FoundLot): AsyncGenerator<Member> {
  for (const row of await ctx.db.select().from(paper).where(eq(paper.lotId, lot.id)).orderBy(asc(paper.createdAt)))
    yield { path: `data/papers/${safeName(row.kind)}-v${row.version}.pdf`, content: ctx.platform.store.get(row.fileId) }
  for (const row of await ctx.db.select().from(notice).where(eq(notice.lotId, lot.id)).orderBy(asc(notice.publishedAt))) {
    const { id, kind, version, title, body, bodyHash, publishedAt, supersedes } = row
    yield jsonMember(`data/notices/${kind}-v${version}.json`, {
      id,
      kind,
      version,
      title,
      body,
      bodyHash,
      publishedAt,
      supersedes,
    })
  }
  for (const row of await ctx.db.select().from(tenderDocument).where(eq(tenderDocument.lotId, lot.id))) {
    const { name } = await readFileRow(ctx, row.fileId)
    yield { path: `data/documents/v${row.version}-${safeName(name)}`, content: ctx.platform.store.get(row.fileId) }
  }
}

/** The CRLs that acts of this lot were judged by, as their entries name them. */
async function namedLists(ctx: Ctx, found: FoundLot): Promise<string[]> {
  const evidence = (await listAllEntries(ctx, found)).flatMap(({ payload }) =>
    Array.isArray(payload.revocation) ? payload.revocation : [],
  )
  return evidence.flatMap(one =>
    typeof one === 'object' && one !== null && 'sha256' in one && typeof one.sha256 === 'string' ? [one.sha256] : [],
  )
}

async function* keyMembers(ctx: Ctx, found: FoundLot): AsyncGenerator<Member> {
  // A convenience for readers: verifying against anchors from inside the archive would prove nothing (crypto.md §10.14).
  yield jsonMember('data/keys/anchors.json', await readAnchors(ctx))
  for (const { sha256, der } of await readListsFor(ctx, await namedLists(ctx, found)))
    yield { path: `data/keys/${sha256}.crl`, content: der }
}

/** Everything that belongs into the archive of a lot, as far as `checkpoint` covers the log. */
export async function* archiveMembers(ctx: Ctx, found: FoundLot, checkpoint: Checkpoint): AsyncGenerator<Member> {
  const { lot, project } = found
  yield jsonMember('data/archive.json', {
    t: 'tbid/archive@1',
    platform: ctx.platform.config.platformId,
    project: project.id,
    lot: lot.id,
    code: lot.code,
    name: `${project.name} ${lot.name}`,
    round: lot.round,
    state: lot.state,
    madeAt: ctx.now.toISOString(),
  })
  for (const part of [policyMembers, bidMembers, releaseMembers, openingMembers, drawMembers, evaluationMembers, paperMembers])
    yield* part(ctx, found)
  yield* keyMembers(ctx, found)
  yield* logMembers(ctx, found, checkpoint)
}
