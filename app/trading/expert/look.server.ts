import { expertLook } from '@/db/schema/trading/expert-record'
import type { Ctx } from '~/platform/ctx'

/**
 * Notes that experts' names were shown or published, one line each in the list that every expert reads of himself. Part of a command of its
 * caller, which makes the entry in the log.
 */
export async function noteLooks(ctx: Ctx, expertIds: string[], purpose: string): Promise<void> {
  const by =
    ctx.actor.kind === 'person'
      ? { byName: ctx.actor.name, organisationName: ctx.actor.organisationName }
      : { byName: '系统', organisationName: '公共资源交易平台' }
  const rows = [...new Set(expertIds)].map(expertId => ({ id: crypto.randomUUID(), expertId, ...by, purpose, at: ctx.now }))
  if (rows.length > 0) await ctx.db.insert(expertLook).values(rows)
}
