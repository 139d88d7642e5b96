import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { notification } from '@/db/schema/platform/notification'
import type { Ctx } from '../ctx'
import { promiseMany } from '../outbox/promise.server'
import { closeJson, openJson } from '../vault/vault.server'
import { sendMail } from './smtp.server'

export interface Message {
  channel: 'sms' | 'email'
  /** Telephone number or mail address. */
  to: string
  text: string
}

export interface SandboxMessage extends Message {
  id: string
  at: Date
}

type Body = Pick<Message, 'to' | 'text'>
const about = (id: string) => `notification ${id}`

/** Promises messages to people: they go out only if this transaction commits. Recipient and text stand in boxes. Returns their ids. */
export async function notifyMany(ctx: Ctx, messages: Message[]): Promise<string[]> {
  if (messages.length === 0) return []
  const rows = messages.map(({ channel, to, text }) => {
    const id = crypto.randomUUID()
    return { id, channel, box: closeJson(ctx.platform.vault, about(id), { to, text } satisfies Body), createdAt: ctx.now }
  })
  await ctx.db.insert(notification).values(rows)
  await promiseMany(
    ctx,
    'platform.notification.send',
    rows.map(({ id }) => ({ notificationId: id })),
  )
  return rows.map(({ id }) => id)
}

/** As `notifyMany`, for one message. */
export const notify = async (ctx: Ctx, message: Message): Promise<string> => (await notifyMany(ctx, [message]))[0]!

/**
 * Sends one promised message and marks it as sent; sending twice sends once. Mail goes through SMTP_URL where it is set; in the
 * sandbox everything else goes to the sandbox exchange. Throws, to be tried again, where no way to send is set up.
 */
export async function sendNotification(ctx: Ctx, id: string): Promise<void> {
  const [row] = await ctx.db
    .select()
    .from(notification)
    .where(and(eq(notification.id, id), isNull(notification.sentAt)))
  if (!row) return
  const { config, vault, logger } = ctx.platform
  const { to, text } = openJson<Body>(vault, about(id), row.box)
  if (row.channel === 'email' && config.smtpUrl) await sendMail(config.smtpUrl, { to, text })
  else if (config.isSandbox) logger.info({ notification: id, channel: row.channel }, 'handed to the sandbox exchange')
  else throw new Error(`no way to send ${row.channel}: set SMTP_URL for mail`)
  await markSent(ctx, id)
}

/** Any constant: sending times are given one after the other, so that a reader that asks "after this one" misses none. */
const sendingLock = 7_203_813

async function markSent(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.transaction(async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sendingLock})`)
    await tx.update(notification).set({ sentAt: sql`trade_clock()` }).where(eq(notification.id, id))
  })
}

/** Messages the sandbox exchange delivered after this one (all of them without `after`), in order, at most 500. */
export async function listSandboxMessages(ctx: Ctx, after?: string): Promise<SandboxMessage[]> {
  const later = after ? sql`${notification.sentAt} > (select sent_at from notification where id = ${after})` : undefined
  const rows = await ctx.db
    .select()
    .from(notification)
    .where(and(isNotNull(notification.sentAt), later))
    .orderBy(asc(notification.sentAt))
    .limit(500)
  return rows.map(row => ({
    id: row.id,
    at: row.sentAt ?? row.createdAt,
    channel: row.channel === 'email' ? 'email' : 'sms',
    ...openJson<Body>(ctx.platform.vault, about(row.id), row.box),
  }))
}
