import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { eq } from 'drizzle-orm'
import { expertImport } from '@/db/schema/trading/expert-record'
import type { Ctx } from '~/platform/ctx'
import { authorise } from '~/platform/identity/authorise.server'
import { Refusal } from '~/shared/refusal'
import type { RefusalCode, RefusalFacts } from '~/shared/refusal.text'
import { receiveList } from './arrive.server'
import type { ImportQuery } from './import.form.server'
import { advanceList, leaveList } from './import-list.server'
import { importSpecialties } from './import-specialties.server'
import { formMost, withIncoming } from './incoming.server'
import { type Import, shown } from './report.server'
import { kindOf } from './table.server'

type Asked = ImportQuery & { most: number }

/** The same from a page's form, whose file is in memory already. */
export const takeInForm = (ctx: Ctx, { file, ...query }: ImportQuery & { file: File }) =>
  takeIn(ctx, Readable.fromWeb(file.stream() as ReadableStream<Uint8Array>), { ...query, most: formMost })

/** Takes in one list, whichever kind: laid down, measured, read, taken over or refused. Returns the report, of a long list as far as it is. */
export async function takeIn(ctx: Ctx, body: NodeJS.ReadableStream, asked: Asked) {
  authorise(ctx.actor, 'expert.manage')
  kindOf(asked.name)
  return shown(asked.kind === 'experts' ? await takeInExperts(ctx, body, asked) : await takeInEdition(ctx, body, asked))
}

/** A short list is done with before its sender is answered; a long one is gone on with by the worker. */
const atOnceMs = 800

async function takeInExperts(ctx: Ctx, body: NodeJS.ReadableStream, { name, source, mode, most }: Asked): Promise<Import> {
  const { id } = await receiveList(ctx, body, { fileName: name, source, mode, most })
  await advanceList(ctx, id, atOnceMs)
  await leaveList(ctx, id)
  const [row] = await ctx.db.select().from(expertImport).where(eq(expertImport.id, id))
  const problem = row?.problem as { code: RefusalCode; facts: RefusalFacts } | null
  if (problem) throw new Refusal(problem.code, problem.facts)
  return row!
}

function takeInEdition(ctx: Ctx, body: NodeJS.ReadableStream, { kind, name, source, mode, edition, effectiveOn, most }: Asked) {
  return withIncoming(ctx, body, { name, most: Math.min(most, formMost) }, kept => {
    const own = { id: edition ?? '', name: name.replace(/\.\w+$/, ''), source, effectiveOn: effectiveOn ?? null }
    return importSpecialties(ctx, { kind, fileName: name, source: edition ?? '', mode, ...kept, edition: own })
  })
}
