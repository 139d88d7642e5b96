import { expect, test } from 'vitest'
import { searchQueryOf, searchTermsOf } from '~/trading/notice/search'

const finds = (text: string, typed: string) => {
  const terms = searchTermsOf(text)
  return searchQueryOf(typed)?.terms.every(term => terms.includes(term)) ?? false
}

test('any run of Chinese characters in a text finds it, without a dictionary', () => {
  const text = '滨江路市政道路改造工程（2026年）招标公告'
  for (const typed of ['道路', '市政道路改造', '路', '招标 改造', '2026年', '滨江路市政'])
    expect(finds(text, typed), typed).toBe(true)
  for (const typed of ['桥梁', '道路桥', '2025年', '改造道路']) expect(finds(text, typed), typed).toBe(false)
})

test('words and numbers are found whole, in any case and width', () => {
  expect(searchTermsOf('BIM 技术 ＡＢＣ Ⅱ标')).toEqual(expect.arrayContaining(['bim', '技术', 'abc', 'ii', '标']))
  expect(finds('标段编号 E3500000717000001', 'e3500000717000001')).toBe(true)
})

test('nothing to look for is no query', () => {
  expect(searchQueryOf('  ，。！ ')).toBeNull()
})

test('a query keeps its phrases, so that characters that are apart do not match', () => {
  expect(searchQueryOf('市政道路')).toEqual({ terms: ['市政', '政道', '道路'], phrases: ['市政道路'] })
})
