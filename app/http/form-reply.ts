import { useActionData } from '@remix-run/react'
import type { FormReply } from '~/shared/form-reply'

export type { FormReply } from '~/shared/form-reply'

/** The refused form post of this page, or undefined: other answers of an action are not replies to a form. */
export function useFormReply(): FormReply | undefined {
  const answer: unknown = useActionData()
  return isFormReply(answer) ? answer : undefined
}

const isFormReply = (answer: unknown): answer is FormReply =>
  typeof answer === 'object' && answer !== null && 'problem' in answer && 'fields' in answer && 'values' in answer
