import type { Channel, Delivery } from './channel'

/** What the two settings say for this way out. */
export const consoleUrl = 'console:'

const kindOf: Record<Channel, string> = { sms: '短信', voice: '电话', email: '邮件' }

/**
 * Writes one message on the worker's standard output, number and text in clear: for a duty desk that sends and calls by hand. Chosen by
 * the operator in so many words; it is no log, and no line of the log repeats it. A crash before it was noted writes it twice, with its id.
 */
export function sendByConsole({ id, channel, to, text }: Delivery): void {
  process.stdout.write(`【${kindOf[channel]} ${id}】${to}：${text.replaceAll('\n', ' ')}\n`)
}
