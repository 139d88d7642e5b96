import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkOwnerRules, type DrawRules, ownerRules, readOwnerRules } from '@/bin/party/owner-rules'
import { openKeep } from '@/bin/party/store'
import { hashOf } from '@/crypto/draw'
import type { DrawPrelude } from '@/crypto/draw-message'
import { draw } from '@/db/schema/trading/draw'
import { aDrawStage, aLibrary, type DrawStage } from '@/tests/factories/draw'
import { type TestApi, testApi } from '@/tests/setup/api'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { endpoints } from '~/api/registry.server'
import { closeJson } from '~/platform/vault/vault.server'

const rules: DrawRules = {
  v: 2,
  seats: [{ seat: '技术', disc: ['A08'], region: null, n: 5 }],
  maxPerEmployer: 1,
  alternates: 2,
}
const preludeOf = (change: Partial<DrawPrelude> = {}) =>
  ({ number: 1, eligible: { hash: '', size: 40 }, rules: { hash: hashOf(rules), size: 0 }, ...change }) as DrawPrelude

describe('before an agent commits it checks what its owner wrote', () => {
  test('and commits to an ordinary draw', () => expect(checkOwnerRules(ownerRules, preludeOf(), rules)).toEqual([]))

  test.each<[string, string[]]>([
    ['the owner paused it', checkOwnerRules({ ...ownerRules, pause: true }, preludeOf(), rules)],
    ['other rules than the hash names', checkOwnerRules(ownerRules, preludeOf(), { ...rules, alternates: 3 })],
    ['too few to choose from', checkOwnerRules(ownerRules, preludeOf({ eligible: { hash: '', size: 9 } }), rules)],
    ['a draw repeated once too often', checkOwnerRules(ownerRules, preludeOf({ number: 4 }), rules)],
  ])('not when %s', (_name, problems) => expect(problems).toHaveLength(1))

  test('not when one employer could fill the committee', () => {
    const loose = { ...rules, maxPerEmployer: 2 }
    expect(checkOwnerRules(ownerRules, preludeOf({ rules: { hash: hashOf(loose), size: 0 } }), loose)).toHaveLength(1)
  })
})

test('the rules are written down at first start and read again; an unknown or malformed one stops the agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'open-tender-rules-'))
  const keep = openKeep(folder)
  expect(readOwnerRules(keep)).toEqual(ownerRules)
  keep.write('rules.json', { pause: true })
  expect(readOwnerRules(keep)).toEqual({ ...ownerRules, pause: true })
  for (const wrong of [{ paus: true }, { pause: 'yes' }, { numberAtMost: -1 }, { eligiblePerSeat: 1.5 }]) {
    keep.write('rules.json', wrong)
    expect(() => readOwnerRules(keep)).toThrow('rules.json')
  }
  rmSync(folder, { recursive: true })
})

describe('many draws at once', () => {
  let t: TestPlatform
  let api: TestApi
  let stage: DrawStage
  beforeAll(async () => {
    t = await testPlatform()
    api = await testApi(t, endpoints)
    stage = await aDrawStage(t, api)
    await aLibrary(t, 200)
  })
  afterAll(async () => {
    stage?.close()
    await api?.close()
    await t?.close()
  })

  const many = 20
  const states = async () =>
    (
      await t.platform.database.db.execute<{ state: string; n: number }>(
        sql`select state, count(*)::int as n from draw group by 1`,
      )
    ).rows

  test('are all drawn unattended, and one that an owner stops holds up no other', async () => {
    const first = await stage.begun({ hours: 1 })
    const { db } = t.platform.database
    const [row] = await db.select().from(draw).where(eq(draw.id, first))
    for (let number = 2; number <= many; number++) {
      const evaluationAt = new Date(row!.evaluationAt.getTime() + number * 1_200_000)
      // The fourth and later running numbers are more than the owners allow.
      const own = { id: crypto.randomUUID(), kind: `committee${number}`, number: number === many ? 4 : 1 }
      const drawId = `${row!.drawId.replace(/-committee-1$/, '')}-${own.kind}-${own.number}`
      const avoidBox = closeJson(t.platform.vault, `draw avoid ${own.id}`, [])
      const fresh = { state: 'approved' as const, poolRoot: null, secretBox: null, avoidBox }
      await db.insert(draw).values({ ...row!, ...own, ...fresh, drawId, evaluationAt })
    }
    const waiting = async () => (await states()).find(({ state }) => state === 'committing')?.n ?? 0
    for (let round = 0; round < 12 && (round < 2 || (await waiting()) > 1); round++) {
      await stage.platformStep()
      await stage.witnessStep()
      for (const party of ['agency', 'supervisor', 'third'] as const) await stage.agentStep(party).catch(() => [])
    }
    await stage.platformStep()
    const seated = await states()
    expect(seated.find(({ state }) => state === 'committing')?.n).toBe(1)
    expect(seated.filter(({ state }) => state !== 'committing').reduce((all, { n }) => all + n, 0)).toBe(many - 1)
    const { rows } = await db.execute<{ n: number }>(sql`
      select count(*)::int as n from draw_booking a join draw_booking b on a.expert_id = b.expert_id and a.contact_id < b.contact_id
      where a.during && b.during`)
    expect(rows[0]!.n).toBe(0)
  }, 180_000)
})
