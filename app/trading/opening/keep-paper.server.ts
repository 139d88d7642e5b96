import { createHash, randomUUID } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import { anchorsHash } from '@/crypto/anchors'
import { signPdf } from '@/crypto/pdfsign'
import { paper } from '@/db/schema/trading/opening'
import { readAnchors } from '~/platform/anchor/anchor.server'
import type { Ctx } from '~/platform/ctx'
import { saveFile } from '~/platform/files/file.server'
import { platformSigner } from '~/platform/identity/platform-key.server'
import { append } from '~/platform/log/append.server'
import { timestamp } from '~/platform/log/timestamp.server'
import type { PaperContent } from '~/platform/paper/paper'
import { makePaper } from '~/platform/paper/paper.server'
import type { PaperRow } from './paper.read.server'

export type NewPaper = {
  lotId: string
  /** Its kind: opening-record, evaluation-report, award-notice … */
  kind: string
  audience: 'public' | 'owner'
  content: Omit<PaperContent, 'anchorsHash' | 'isSandbox'>
}

/** The paper's PDF, signed by the platform's paper seal (PAdES, with a time-stamp where the TSA answers) and anchored. */
export async function sealedPdf(ctx: Ctx, content: NewPaper['content']): Promise<Uint8Array> {
  const { platform } = ctx
  const whole = { ...content, anchorsHash: anchorsHash(await readAnchors(ctx)), isSandbox: platform.config.isSandbox }
  return signPdf(await makePaper(whole), {
    signer: await platformSigner(platform, 'seal'),
    name: '公共资源交易平台',
    reason: `${content.title} ${content.number}`,
    at: content.at,
    timestamp: signature => timestamp(platform, signature),
  })
}

/** Keeps a made paper inside the caller's command: its file, its row with the next version, its log entry. The caller holds the lot's lock. */
export async function keepPaper(ctx: Ctx, { lotId, kind, audience, content }: NewPaper, pdf: Uint8Array): Promise<PaperRow> {
  const [last] = await ctx.db
    .select({ version: sql<number>`coalesce(max(${paper.version}), 0)::int` })
    .from(paper)
    .where(and(eq(paper.lotId, lotId), eq(paper.kind, kind)))
  const version = (last?.version ?? 0) + 1
  const file = await saveFile(ctx, {
    name: `${content.title}-${content.number}.pdf`,
    type: 'application/pdf',
    audience,
    content: pdf,
  })
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  const id = randomUUID()
  const { entryId } = await append(ctx, 'paper.seal', {
    lotId,
    facts: { paper: id, kind, version, sha256, recordHash: content.recordHash ?? null },
  })
  const row: PaperRow = { id, lotId, kind, version, title: content.title, fileId: file.id, sha256, entryId, createdAt: ctx.now }
  await ctx.db.insert(paper).values(row)
  return row
}
