import { expect, test } from 'vitest'
import { hallForm } from '~/trading/opening/acts.form.server'

const organisationId = '0b9a1f53-6f7c-4f0e-9d3c-0c1f4a1f1111'

test('an answer to an objection is read from the field of its own bid, and refused at it', () => {
  const typed = { intent: 'reply', organisationId, no: '3', 'reply-3': ' 已核对，维持原记录。 ' }
  expect(hallForm.parse(typed)).toEqual({ intent: 'reply', organisationId, text: '已核对，维持原记录。' })
  const refused = hallForm.safeParse({ ...typed, 'reply-3': ' ' })
  expect(refused.error?.issues).toMatchObject([{ path: ['reply-3'], message: '请写明答复' }])
})

test('the supervisor’s ground for the time-stamp alone is a field of its own', () => {
  expect(hallForm.safeParse({ intent: 'allow', allowReason: '' }).error?.issues).toMatchObject([{ path: ['allowReason'] }])
  expect(hallForm.parse({ intent: 'allow', allowReason: '见证方停电' })).toMatchObject({ allowReason: '见证方停电' })
})
