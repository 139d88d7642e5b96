import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls } from 'node:tls'

const timeoutMs = 15_000

/** One dialogue with a mail server: `say` sends a line and reads the reply of one of the wanted codes. */
function dialogue(socket: Socket) {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const hear = async (wanted: number): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error('mail server hung up')
      if (value[3] === '-') continue
      if (Number(value.slice(0, 3)) !== wanted) throw new Error(`mail server answered ${value.slice(0, 3)}, not ${wanted}`)
      return
    }
  }
  const say = async (line: string, wanted: number) => {
    socket.write(`${line}\r\n`)
    await hear(wanted)
  }
  return { hear, say }
}

const base64 = (text: string) => Buffer.from(text).toString('base64')
const folded = (text: string) => (base64(text).match(/.{1,76}/g) ?? []).join('\r\n')

/**
 * Sends one plain text mail (RFC 5321) by `url` = smtp[s]://user:password@host:port/?from=address. Throws if the server refuses it.
 * smtps is TLS from the first byte; plain smtp is for a relay on the same machine and never sends a password.
 */
export async function sendMail(url: string, { to, text }: { to: string; text: string }): Promise<void> {
  if (/[\r\n<>]/.test(to)) throw new Error('not a mail address')
  const { protocol, hostname, port, username, password, searchParams } = new URL(url)
  const isTls = protocol === 'smtps:'
  const from = searchParams.get('from') ?? `no-reply@${hostname}`
  const socket = isTls
    ? connectTls({ host: hostname, port: Number(port || 465), servername: hostname })
    : connectTcp(Number(port || 25), hostname)
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('mail server does not answer')))
  try {
    await once(socket, isTls ? 'secureConnect' : 'connect')
    const { hear, say } = dialogue(socket)
    await hear(220)
    await say('EHLO localhost', 250)
    if (isTls && username)
      await say(`AUTH PLAIN ${base64(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`)}`, 235)
    await say(`MAIL FROM:<${from}>`, 250)
    await say(`RCPT TO:<${to}>`, 250)
    await say('DATA', 354)
    const head = [
      `From: <${from}>`,
      `To: <${to}>`,
      `Subject: =?utf-8?B?${base64('公共资源交易平台通知')}?=`,
      `Date: ${new Date().toUTCString()}`,
    ]
    const type = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64']
    await say([...head, ...type, '', folded(text), '.'].join('\r\n'), 250)
    socket.write('QUIT\r\n')
  } finally {
    socket.destroy()
  }
}
