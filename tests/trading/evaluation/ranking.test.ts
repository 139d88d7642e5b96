import { expect, test } from 'vitest'
import { procurementByPrice, procurementByScore, rankBids, worksByScore } from '~/trading/evaluation/ranking'

const bid = (id: string, score: string, price: string, more = {}) => ({ id, score, price, ...more })
const order = (ranking: ReturnType<typeof rankBids>) => ranking.places.map(place => `${place.rank}:${place.ids.join('=')}`)

test('the higher score comes first, then the lower price', () => {
  expect(order(rankBids([bid('a', '90', '5'), bid('b', '95', '9'), bid('c', '90.00', '4')], procurementByScore))).toEqual([
    '1:b',
    '2:c',
    '3:a',
  ])
})

test('the same score and price is a tie, and the place after a tie of two is the third', () => {
  const bids = [bid('b', '90', '5.00'), bid('a', '90.0', '5'), bid('c', '80', '1')]
  expect(order(rankBids(bids, procurementByScore))).toEqual(['1:a=b', '3:c'])
})

test('by lowest price the score does not matter and equal prices tie', () => {
  expect(order(rankBids([bid('a', '1', '5'), bid('b', '99', '6'), bid('c', '2', '5')], procurementByPrice))).toEqual([
    '1:a=c',
    '3:b',
  ])
})

test('a works tie goes to technical points, then to credit', () => {
  const same = [
    bid('a', '90', '5', { technical: '40', credit: '1' }),
    bid('b', '90', '5', { technical: '41', credit: '0' }),
    bid('c', '90', '5', { technical: '40', credit: '2' }),
  ]
  expect(order(rankBids(same, worksByScore))).toEqual(['1:b', '2:c', '3:a'])
})

test('bids of one brand count as one bidder and the best of them stays', () => {
  const bids = [bid('a', '90', '5', { brand: 'X' }), bid('b', '92', '9', { brand: 'X' }), bid('c', '91', '4', { brand: 'Y' })]
  const byScore = rankBids(bids, procurementByScore)
  expect(order(byScore)).toEqual(['1:b', '2:c'])
  expect(byScore.merged).toEqual([{ id: 'a', brand: 'X', into: 'b' }])
  expect(order(rankBids(bids, procurementByPrice))).toEqual(['1:c', '2:a'])
})

test('equal best bids of one brand stay open until someone chooses', () => {
  const bids = [bid('a', '90', '5', { brand: 'X' }), bid('b', '90', '5', { brand: 'X' })]
  expect(rankBids(bids, procurementByScore).openBrands).toEqual([{ brand: 'X', ids: ['a', 'b'] }])
  const chosen = rankBids(bids, procurementByScore, { X: 'b' })
  expect(chosen.openBrands).toEqual([])
  expect(order(chosen)).toEqual(['1:b'])
})
