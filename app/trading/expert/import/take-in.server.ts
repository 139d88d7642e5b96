import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Ctx } from '~/platform/ctx'
import { authorise } from '~/platform/identity/authorise.server'
import type { ImportQuery } from './import.form.server'
import { importExperts } from './import-experts.server'
import { importSpecialties } from './import-specialties.server'
import { formMost, withIncoming } from './incoming.server'
import type { Import } from './report.server'
import { kindOf } from './table.server'

/** The same from a page's form, whose file is in memory already. */
export const takeInForm = (ctx: Ctx, { file, ...query }: ImportQuery & { file: File }): Promise<Import> =>
  takeIn(ctx, Readable.fromWeb(file.stream() as ReadableStream<Uint8Array>), { ...query, most: formMost })

/** Takes in one list, whichever kind: laid down, measured, read, taken over or refused. Returns the report. */
export async function takeIn(ctx: Ctx, body: NodeJS.ReadableStream, query: ImportQuery & { most: number }): Promise<Import> {
  authorise(ctx.actor, 'expert.manage')
  const { kind, mode, name, source, edition, effectiveOn, most } = query
  kindOf(name)
  return withIncoming(ctx, body, { name, most }, kept => {
    const file = { kind, fileName: name, source: kind === 'experts' ? source : (edition ?? ''), mode, ...kept }
    if (kind === 'experts') return importExperts(ctx, file)
    return importSpecialties(ctx, {
      ...file,
      edition: { id: edition ?? '', name: name.replace(/\.\w+$/, ''), source, effectiveOn: effectiveOn ?? null },
    })
  })
}
