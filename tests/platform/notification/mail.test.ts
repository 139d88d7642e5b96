import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { sendMail } from '~/platform/notification/mail.server'

const text = '您被抽取为评标专家，请于 9 时前回复。\n.\n第二行以点开头也照样送达。'
let server: SMTPServer | undefined
afterEach(() => new Promise<void>(resolve => (server ? server.close(() => resolve()) : resolve())))

interface Mail {
  to: string[]
  raw: string
}

/** A real SMTP server that keeps what it was given; `refuse` turns down every recipient. */
async function aMailServer(refuse = false): Promise<{ mails: Mail[]; url: string }> {
  const mails: Mail[] = []
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => done(refuse ? new Error('no such user') : null),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(one => one.address), raw: Buffer.concat(chunks).toString() })
        done()
      })
    },
  })
  await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  return { mails, url: `smtp://127.0.0.1:${port}/?from=platform@example.org` }
}

const bodyOf = ({ raw }: Mail): string => {
  const [head = '', body = ''] = raw.split('\r\n\r\n')
  const isBase64 = /Content-Transfer-Encoding: base64/i.test(head)
  return isBase64 ? Buffer.from(body, 'base64').toString() : decodeQuoted(body)
}

const decodeQuoted = (body: string): string =>
  Buffer.from(
    body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

test('mail goes out by SMTP with its Chinese text and an id that a second sending repeats', async () => {
  const { mails, url } = await aMailServer()
  const message = { id: 'a-1', channel: 'email' as const, to: 'expert@example.org', text }
  await sendMail(url, message)
  await sendMail(url, message)
  expect(mails.map(mail => mail.to)).toEqual([['expert@example.org'], ['expert@example.org']])
  expect(bodyOf(mails[0]!).replaceAll('\r\n', '\n').trim()).toBe(text)
  const ids = mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])
  expect(ids).toEqual(['<a-1@127.0.0.1>', '<a-1@127.0.0.1>'])
})

test('a server that turns the recipient down, or is not there, fails the sending', async () => {
  const { mails, url } = await aMailServer(true)
  const message = { id: 'a-2', channel: 'email' as const, to: 'nobody@example.org', text }
  await expect(sendMail(url, message)).rejects.toThrow()
  expect(mails).toEqual([])
  await expect(sendMail('smtp://127.0.0.1:9', message)).rejects.toThrow()
})

test('an address that would smuggle in a second recipient reaches nobody else', async () => {
  const { mails, url } = await aMailServer()
  const to = 'a@example.org>\r\nRCPT TO:<victim@example.org'
  await sendMail(url, { id: 'a-3', channel: 'email', to, text }).catch(() => {})
  expect(mails.flatMap(mail => mail.to).filter(address => address.startsWith('victim'))).toEqual([])
})
