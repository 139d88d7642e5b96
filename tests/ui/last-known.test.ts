import { expect, test } from 'vitest'
import { oneAtATime } from '~/ui/last-known'

/** How often a page asked, whose answers are given by `turn`. */
function aPage() {
  let asked = 0
  const { ask, turn } = oneAtATime(() => void asked++)
  return { ask, turn, asked: () => asked }
}

test('a page asks at once when nothing is on its way', () => {
  const page = aPage()
  page.ask()
  expect(page.asked()).toBe(1)
})

test('while an answer is on its way nothing is asked, and after it once, however often it was wanted', () => {
  const page = aPage()
  page.turn(true)
  for (let i = 0; i < 3; i++) page.ask()
  expect(page.asked()).toBe(0)
  page.turn(false)
  expect(page.asked()).toBe(1)
  page.turn(true)
  page.turn(false)
  expect(page.asked()).toBe(1)
})
