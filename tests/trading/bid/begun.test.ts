import { expect, test } from 'vitest'
import { unfinishedOf } from '~/trading/bid/begun'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 9, minute))
const begun = (minute: number, statementHash: string | null = null) => ({ at: at(minute), statementHash })
const delivered = (minute: number, statementHash: string) => ({ at: at(minute), statementHash })

test('what began and never came is unfinished: the last one counts', () => {
  expect(unfinishedOf([], [])).toBeNull()
  expect(unfinishedOf([begun(1), begun(3), begun(2)], [])?.at).toEqual(at(3))
})

test('what came is finished, by its statement or by what was delivered after it', () => {
  expect(unfinishedOf([begun(1, 'a')], [delivered(2, 'a')])).toBeNull()
  expect(unfinishedOf([begun(1)], [delivered(2, 'a')])).toBeNull()
  expect(unfinishedOf([begun(1, 'x'), begun(2, 'a')], [delivered(3, 'a')])).toBeNull()
})

test('a replacement that was still under way is unfinished, though a former version was delivered', () => {
  expect(unfinishedOf([begun(1, 'a'), begun(5, 'b')], [delivered(2, 'a')])?.statementHash).toBe('b')
})
