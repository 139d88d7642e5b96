import { expect, test } from 'vitest'
import { formatSize } from '~/shared/size'

test('sizes are told in binary units with at most one decimal', () => {
  expect([0, 1023, 1024, 1536, 60 * 1_048_576, 5 * 1024 ** 3, 5 * 1024 ** 4].map(formatSize)).toEqual([
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 KiB',
    '60 MiB',
    '5 GiB',
    '5120 GiB',
  ])
})
