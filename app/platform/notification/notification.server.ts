import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { notification } from '@/db/schema/platform/notification'
import type { Ctx } from '../ctx'
import { promiseMany } from '../outbox/promise.server'
import { closeJson, openJson } from '../vault/vault.server'
import { type Channel, channels, type Delivery, Undeliverable } from './channel'
import { consoleUrl, sendByConsole } from './console.server'
import { sendByGateway } from './gateway.server'
import { sendMail } from './mail.server'

export interface Message {
  channel: Channel
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

/** The ways out that are set up: mail by SMTP_URL, texts and calls by CONTACT_URL, either on the console, in the sandbox everything else to its exchange. */
async function deliver({ config, logger }: Ctx['platform'], message: Delivery): Promise<void> {
  const url = message.channel === 'email' ? config.smtpUrl : config.contactUrl
  if (url === consoleUrl) return sendByConsole(message)
  if (url && message.channel === 'email') return sendMail(url, message)
  if (url) return sendByGateway({ url, token: config.contactToken }, message)
  if (config.isSandbox)
    return logger.info({ notification: message.id, channel: message.channel }, 'handed to the sandbox exchange')
  throw new Error(`no way to send ${message.channel}: set ${message.channel === 'email' ? 'SMTP_URL' : 'CONTACT_URL'}`)
}

/**
 * Sends one promised message and notes it as sent; sending twice sends once, and two processes never send it at the same time: the row stays
 * locked meanwhile. Throws, to be tried again, where it cannot go out now; what is refused for good is noted as such.
 */
export async function sendNotification(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.transaction(async tx => {
    const own = eq(notification.id, id)
    const open = and(own, isNull(notification.sentAt), isNull(notification.failedAt))
    const [row] = await tx.select().from(notification).where(open).for('update', { skipLocked: true })
    if (!row) return refuseIfBusy(tx, id)
    const { to, text } = openJson<Body>(ctx.platform.vault, about(id), row.box)
    try {
      await deliver(ctx.platform, { id, channel: channelOf(row.channel), to, text })
    } catch (error) {
      if (!(error instanceof Undeliverable)) throw error
      ctx.platform.logger.warn({ notification: id, failure: error.message }, 'undeliverable')
      await tx.update(notification).set({ failedAt: sql`trade_clock()`, failure: error.message }).where(own)
      return
    }
    // Sending times are given one after the other, so that a reader that asks "after this one" misses none.
    await tx.execute(sql`select pg_advisory_xact_lock(${sendingLock})`)
    await tx.update(notification).set({ sentAt: sql`trade_clock()` }).where(own)
  })
}

/** Any constant. */
const sendingLock = 7_203_813

/** A promise is kept only when the message is out: whoever finds it in other hands asks again later. */
async function refuseIfBusy(db: Ctx['db'], id: string): Promise<void> {
  const waiting = and(eq(notification.id, id), isNull(notification.sentAt), isNull(notification.failedAt))
  const [row] = await db.select({ id: notification.id }).from(notification).where(waiting)
  if (row) throw new Error('this message is being sent')
}

const channelOf = (text: string): Channel => channels.find(one => one === text) ?? 'sms'

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
    channel: channelOf(row.channel),
    ...openJson<Body>(ctx.platform.vault, about(row.id), row.box),
  }))
}
