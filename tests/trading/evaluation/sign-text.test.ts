import { expect, test } from 'vitest'
import { canonical } from '@/crypto/jcs'
import { signStatement } from '~/trading/evaluation/sign-text'

test('what a member signs is canonical JSON, whatever the reason says', () => {
  const scope = { platform: 'tbid', project: 'p', lot: 'l', round: 2, reportHash: 'a'.repeat(64) }
  for (const reason of ['', '技术分“依据”不充分\n第 3 页\t', '\u2028\u0001\\/"', '𠮷'])
    for (const answer of ['sign', 'dissent', 'refuse'] as const) {
      const statement = signStatement(scope, { answer, reason })
      expect(statement).toBe(canonical({ t: 'tbid/evaluation.sign@1', ...scope, answer, reason }))
    }
})
