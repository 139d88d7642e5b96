import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { canonical, type Json } from '@/crypto/jcs'
import { lotRootOf, type MessageType, messageHash, messageSchemas, messageText, readMessage } from '@/crypto/messages'
import vectors from '../vectors/tbid-messages.json'

const types = [
  'tbid/lotkey@1',
  'tbid/policy@1',
  'tbid/submit@1',
  'tbid/confirm@1',
  'tbid/release@1',
  'tbid/report@1',
  'tbid/lot.close@1',
  'tbid/envelope@1',
] as const
const typeOf = (t: string): MessageType => types.find(type => type === t)!
const textOf = (t: MessageType, at = 0) => vectors.messages.filter(message => message.t === t)[at]!.text
type Fields = Record<string, Json>
const bend =
  (t: MessageType, change: (message: Fields) => unknown, at = 0) =>
  () =>
    readMessage(t, canonical(change(JSON.parse(textOf(t, at)))))

test('every type has a vector', () => expect(new Set(vectors.messages.map(message => message.t))).toEqual(new Set(types)))

describe.each(vectors.messages)('$t', ({ t, text, sha256 }) => {
  const type = typeOf(t)
  test('reads back and writes the same text, with the published hash', () => {
    const message = readMessage(type, text)
    expect(messageText(message)).toBe(text)
    expect(messageHash(text)).toBe(sha256)
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
  })

  test('is refused without any one field, with one too many, and as another type', () => {
    const fields: Fields = JSON.parse(text)
    for (const name of Object.keys(fields)) {
      const { [name]: _, ...rest } = fields
      expect(() => readMessage(type, canonical(rest)), name).toThrow()
    }
    expect(() => readMessage(type, canonical({ ...fields, at: '2026-12-01T00:00:00Z' }))).toThrow()
    for (const other of types.filter(one => one !== type)) expect(() => readMessage(other, text)).toThrow()
    expect(() => readMessage(type, ` ${text}`)).toThrow()
  })
})

describe.each(vectors.messages)('the schema of $t', ({ t, text }) => {
  const schema = z.fromJSONSchema(messageSchemas[t] as Parameters<typeof z.fromJSONSchema>[0])
  const fields: Fields = JSON.parse(text)
  const fits = (value: unknown) => schema.safeParse(value).success
  test('leaves nothing open', () => expect(JSON.stringify(messageSchemas[t])).not.toContain('{}'))
  test('lets the vector pass; without a field, with one too many, or with one of another form it does not', () => {
    expect(fits(fields)).toBe(true)
    expect(fits({ ...fields, at: 1 })).toBe(false)
    for (const name of Object.keys(fields)) {
      const { [name]: _, ...rest } = fields
      expect(fits(rest), name).toBe(false)
      expect(fits({ ...fields, [name]: false }), name).toBe(false)
    }
  })
})

describe('messages that contradict themselves are refused', () => {
  test('a first statement with a predecessor, a later one without, an empty first one', () => {
    expect(bend('tbid/submit@1', m => ({ ...m, prev: 'ab'.repeat(32) }))).toThrow()
    expect(bend('tbid/submit@1', m => ({ ...m, prev: null }), 1)).toThrow()
    expect(bend('tbid/submit@1', m => ({ ...m, files: [] }))).toThrow('contradicts')
  })

  test('a role or a file twice', () => {
    const twice = (change: Fields) =>
      bend('tbid/submit@1', m => ({
        ...m,
        files: [JSON.parse(canonical(m.files))[0], { ...JSON.parse(canonical(m.files))[0], ...change }],
      }))
    expect(twice({ role: 'technical' })).toThrow()
    expect(twice({ fileId: '0'.repeat(32) })).toThrow()
    expect(twice({ role: 'technical', fileId: '0'.repeat(32) })).not.toThrow()
  })

  test('a policy with k above its custodians, or custodians in mode bidder', () => {
    const stage = JSON.parse(textOf('tbid/policy@1')).stages[0]
    expect(bend('tbid/policy@1', m => ({ ...m, stages: [{ ...stage, k: 4 }] }))).toThrow()
    expect(bend('tbid/policy@1', m => ({ ...m, stages: [{ ...stage, mode: 'bidder' }] }))).toThrow()
    expect(bend('tbid/policy@1', m => ({ ...m, stages: [{ ...stage, mode: 'bidder', k: 0, custodians: [] }] }))).not.toThrow()
    expect(bend('tbid/policy@1', m => ({ ...m, stages: [stage, stage] }))).toThrow()
  })

  test('a lot key that is no key', () => expect(bend('tbid/lotkey@1', m => ({ ...m, spki: 'QUJD' }))).toThrow())

  test('a second envelope of nobody, or of one bid both opened and not', () => {
    const [one] = JSON.parse(textOf('tbid/envelope@1')).passed
    expect(bend('tbid/envelope@1', m => ({ ...m, passed: [] }))).toThrow()
    expect(bend('tbid/envelope@1', m => ({ ...m, unopened: [one] }))).toThrow('contradicts')
  })

  test('a part with another name, or released twice', () => {
    const one = JSON.parse(textOf('tbid/release@1')).releases[0]
    expect(bend('tbid/release@1', m => ({ ...m, releases: [{ ...one, part: 'c9' }] }))).toThrow()
    expect(bend('tbid/release@1', m => ({ ...m, releases: [one, one] }))).toThrow()
  })

  test('a closing whose leaves, count or root do not agree', () => {
    const { leaves } = JSON.parse(textOf('tbid/lot.close@1'))
    const close = (change: Fields) => bend('tbid/lot.close@1', m => ({ ...m, ...change }))
    expect(close({ counted: 3 })).toThrow()
    expect(close({ lotRoot: '0'.repeat(64) })).toThrow()
    expect(close({ leaves: [...leaves].reverse(), lotRoot: lotRootOf([...leaves].reverse()) })).toThrow()
    expect(close({ checkpoint: { size: 9, root: '0'.repeat(64) } })).toThrow()
    expect(close({ closedAt: '2026-12-01T01:30:00Z' })).toThrow()
    expect(close({ leaves: leaves.map(({ by: _, ...leaf }: Fields) => leaf) })).toThrow()
  })
})
