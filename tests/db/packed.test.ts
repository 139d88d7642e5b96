import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packed } from '@/db/packed'

test('every byte string is found again at its place', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), list => {
      const { bytes, starts, sizes } = packed(list)
      const found = list.map((_, i) => new Uint8Array(bytes.subarray(starts[i]! - 1, starts[i]! - 1 + sizes[i]!)))
      expect(found).toEqual(list)
    }),
  )
})
