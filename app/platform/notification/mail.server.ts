import { createTransport } from 'nodemailer'
import type { Delivery } from './channel'

const timeoutMs = 15_000
const subject = '公共资源交易平台通知'

/**
 * Sends one plain text mail (RFC 5321) by `url` = smtp[s]://user:password@host:port/?from=address. Throws if the server refuses it.
 * smtps is TLS from the first byte; plain smtp is for a relay on the same machine and never sends a password. The Message-ID is the
 * message's own id: a second sending, after a crash before the first was noted, is the same mail to every reader.
 */
export async function sendMail(url: string, { id, to, text }: Delivery): Promise<void> {
  const { protocol, hostname, port, username, password, searchParams } = new URL(url)
  const secure = protocol === 'smtps:'
  const from = searchParams.get('from') ?? `no-reply@${hostname}`
  const auth = secure && username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs }
  const options = { host: hostname, port: Number(port || (secure ? 465 : 25)), secure, ignoreTLS: !secure, ...timeouts, ...auth }
  const transport = createTransport({ ...options, disableFileAccess: true, disableUrlAccess: true })
  try {
    await transport.sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${id}@${hostname}>` })
  } finally {
    transport.close()
  }
}
