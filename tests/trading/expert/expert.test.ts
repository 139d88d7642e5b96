import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expert } from '@/db/schema/trading/expert'
import { readSpecialties } from '@/db/seed/code-lists'
import { librarySize, seedExperts } from '@/db/seed/expert'
import { anActor } from '@/tests/factories/actor'
import { type TestPlatform, testPlatform } from '@/tests/setup/platform'
import { isCreditCode } from '~/shared/credit-code'
import { maskName } from '~/trading/expert/expert'
import { changeExpert, countExperts, openExpert } from '~/trading/expert/expert.server'

let t: TestPlatform
beforeAll(async () => {
  t = await testPlatform()
  await seedExperts(await t.ctx())
})
afterAll(() => t?.close())

test('the library holds 10,000 experts of valid specialties and employers, and seeding it again changes nothing', async () => {
  const ctx = await t.ctx()
  await seedExperts(ctx)
  expect(await countExperts(ctx)).toBe(librarySize)
  const rows = await ctx.db.select().from(expert)
  const known = new Set(readSpecialties().map(({ code }) => code))
  for (const row of rows) {
    expect(row.disc.every(code => known.has(code))).toBe(true)
    expect(row.employerCode && isCreditCode(row.employerCode)).toBe(true)
  }
  expect(new Set(rows.map(row => row.leaf)).size).toBe(librarySize)
  expect(new Set(rows.map(row => row.employerCode)).size).toBeGreaterThan(500)
})

test('a change of state changes the commitment and needs a lawful way there', async () => {
  const ctx = await t.ctx(await anActor(t, 'supervisor'))
  const leafOf = async () => (await ctx.db.select().from(expert).where(eq(expert.code, 'E00001')))[0]!.leaf
  const before = await leafOf()
  expect(await changeExpert(ctx, { code: 'E00001', event: 'suspend', reason: '年度考核不合格' })).toBe('suspended')
  expect(await leafOf()).not.toBe(before)
  await expect(changeExpert(ctx, { code: 'E00001', event: 'suspend', reason: '再次' })).rejects.toMatchObject({
    code: 'wrong-state',
  })
  await changeExpert(ctx, { code: 'E00001', event: 'restore', reason: '整改合格' })
  expect(await leafOf()).toBe(before)
  await expect(changeExpert(ctx, { code: 'E99999', event: 'suspend', reason: '无此人' })).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('only who keeps the library may change it', async () => {
  for (const role of ['agency', 'bidder', 'expert'] as const) {
    const ctx = await t.ctx(await anActor(t, role))
    await expect(changeExpert(ctx, { code: 'E00002', event: 'suspend', reason: '试' })).rejects.toMatchObject({
      code: 'not-allowed',
    })
  }
})

test('identities open only through the vault, each to its own code', async () => {
  const ctx = await t.ctx()
  const [first, second] = await ctx.db.select().from(expert).limit(2)
  const person = openExpert(t.platform, first!)
  expect(person.idNumber).toMatch(/^\d{17}[\dX]$/)
  expect(maskName(person.name)).toMatch(/^.\*+$/)
  expect(() => openExpert(t.platform, { code: second!.code, box: first!.box })).toThrow()
})
