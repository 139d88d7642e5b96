import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readKnownErrors } from '@/db/seed/code-lists'
import { checkSpecialties, type SpecialtyLine } from '~/trading/expert/import/specialty-list'
import { anImportDesk, type ImportDesk } from './desk'

const trial = readFileSync(join(process.cwd(), 'db/seed/specialties/2010-trial.tsv'))

let desk: ImportDesk
let api: ImportDesk['api']
let keeper: ImportDesk['keeper']
beforeAll(async () => {
  desk = await anImportDesk()
  ;({ api, keeper } = desk)
})
afterAll(() => desk?.close())

const send = (mode: string, body: Uint8Array, edition = '2010-trial') =>
  api.call(
    'POST',
    `/expert-imports?kind=specialties&mode=${mode}&name=2010.tsv&source=${encodeURIComponent('公开副本')}&edition=${edition}`,
    {
      actor: keeper,
      body,
      headers: { 'content-type': 'text/tab-separated-values' },
    },
  )
const linesOf = (text: string): SpecialtyLine[] =>
  text
    .trim()
    .split('\n')
    .map((line, at) => {
      const [code = '', name = '', level = ''] = line.split(' ')
      return { row: at + 2, code, name, level }
    })
const rulesOf = (text: string) => checkSpecialties(linesOf(text), []).issues.map(({ row, rule }) => `${row} ${rule}`)

test('the real file of 2010 names each of its known errors, and no other line', async () => {
  const refused = await send('all', trial)
  expect(refused.body).toMatchObject({ rows: 1798, accepted: 0, isTaken: false })
  const { lines } = (await api.call('GET', `/expert-imports/${refused.body.id}`, { actor: keeper })).body
  const found = lines.map(({ rule, text }: { rule: string; text: string }) => `${rule} ${/[A-C]\d+/.exec(text)?.[0]}`)
  expect(found.toSorted()).toEqual(
    [
      'known-error A060122',
      'known-error A060222',
      'known-error B0704',
      'known-error B0817',
      'known-error B011203',
      'known-error C070201',
      'name-of-another-group B0704',
      'name-of-another-group B0817',
      'no-children B0114',
    ].toSorted(),
  )
})

test('with its doubts on record it is taken over beside the edition in force, once', async () => {
  const taken = await send('good-rows', trial)
  expect(taken.body).toMatchObject({ rows: 1798, accepted: 1798, rejected: 0, isTaken: true })
  expect((await send('good-rows', trial)).body.id).toBe(taken.body.id)
  const { editions } = (await api.call('GET', '/specialties')).body
  expect(editions.map((one: { id: string; isInForce: boolean }) => [one.id, one.isInForce])).toEqual([
    ['2018-316', true],
    ['2010-trial', false],
  ])
  const { specialties } = (await api.call('GET', '/specialties/2010-trial')).body
  expect(specialties).toHaveLength(1798)
  const other = Buffer.concat([trial, Buffer.from('D\t其他\t1\n')])
  expect((await send('good-rows', other)).body.code).toBe('edition-exists')
})

test('level 1 and 2 of the edition in force are whole', async () => {
  const { specialties } = (await api.call('GET', '/specialties/2018-316')).body
  const at = (level: number, letter: string) =>
    specialties.filter((one: { level: number; code: string }) => one.level === level && one.code.startsWith(letter)).length
  expect([at(1, ''), at(2, 'A'), at(2, 'B'), at(2, 'C')]).toEqual([3, 9, 9, 13])
})

test('each kind of broken line is named by row and rule', () => {
  expect(rulesOf('A 工程 1\nA01 规划 2\nA0101 城乡 3\nA0101 又一个 3')).toEqual(['5 code-repeated'])
  expect(rulesOf('A 工程 1\nA0101 城乡 3')).toEqual(['3 parent-missing'])
  expect(rulesOf('A 工程 1\nA01 规划 3')).toEqual(['3 level-differs'])
  expect(rulesOf('A 工程 1\nX9 规划 2')).toEqual(['3 code-form'])
  expect(rulesOf('A 工程 1\nA05 监理 2\nA0516 电子 3\nA0518 广电 3\nA051601 某项 4')).toEqual(['6 out-of-place'])
  expect(checkSpecialties(linesOf('A 工程 1\nA01 规划 2'), readKnownErrors()).issues).toEqual([])
})

test('a file with another heading, or none at all, is refused in so many words', async () => {
  for (const text of ['编码\t名称\t级别\nA\t工程\t1\n', '']) {
    const answer = await send('all', Buffer.from(text), 'x1')
    expect([answer.status, answer.body.code]).toEqual([409, 'import-unreadable'])
  }
})
