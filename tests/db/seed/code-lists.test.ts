import { expect, test } from 'vitest'
import { type Code, readRegions, readSpecialties, regionName, regionPrefix } from '@/db/seed/code-lists'

const parentOf = (code: Code, list: Code[]) =>
  list.filter(c => c.level === code.level - 1 && code.code.startsWith(regionPrefix(c.code)))

test('there are 34 provinces, and every other division lies under one', () => {
  const regions = readRegions()
  expect(regions.filter(r => r.level === 1)).toHaveLength(34)
  for (const region of regions) {
    expect(region.code).toMatch(/^\d{6}$/)
    if (region.level > 1) expect(parentOf(region, regions), region.code).toHaveLength(1)
  }
  expect(new Set(regions.map(r => r.code)).size).toBe(regions.length)
})

test('a region is named from the province down', () => {
  expect(regionName('350102')).toBe('福建省福州市鼓楼区')
  expect(regionName('350000')).toBe('福建省')
  expect(regionName('990101')).toBe('990101')
})

test('the specialties have three groups and thirty-one branches, each code under its parent', () => {
  const list = readSpecialties()
  expect(list.filter(s => s.level === 1).map(s => s.code)).toEqual(['A', 'B', 'C'])
  expect(list.filter(s => s.level === 2)).toHaveLength(31)
  for (const s of list.filter(s => s.level > 1)) {
    const parent = s.level === 2 ? s.code.slice(0, 1) : s.code.slice(0, -2)
    expect(
      list.some(p => p.code === parent),
      s.code,
    ).toBe(true)
  }
})
