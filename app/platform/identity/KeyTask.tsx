import { type ReactNode, useState } from 'react'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets } from '~/ui/layout'
import { Alert, Notice } from '~/ui/Notice'
import { ScriptForm } from '~/ui/ScriptForm'
import type { ChosenKey } from './chosen-key'
import { KeyPicker } from './KeyPicker'
import { type KeyForm, useKeyForm } from './use-key-form'

type KeyTaskFormProps = {
  form: KeyForm
  /** What cannot be undone. */
  consequences: ReactNode[]
  hint: string
  /** What the button says. */
  button: string
  isHidden?: boolean
}

/** Name of the password's field in these forms. */
const password = 'password'

/** What an act takes back to nobody, the key for it, and the button. */
export function KeyTaskForm({ form, consequences, hint, button, isHidden }: KeyTaskFormProps) {
  return (
    <ScriptForm onSubmit={form.onSubmit} hidden={isHidden}>
      <ErrorSummary reply={form.reply} />
      <Notice kind="warn" title="不可撤回的后果">
        <Bullets items={consequences} />
      </Notice>
      <KeyPicker hint={hint} reply={form.reply} password={password} />
      <noscript>签名须在浏览器中进行，请启用 JavaScript，或用接口提交签名。</noscript>
      <Actions pinned>
        <Submit>{form.isBusy ? '正在办理…' : button}</Submit>
      </Actions>
    </ScriptForm>
  )
}

/** The form's state for KeyTaskForm. */
export const useKeyTask = (act: (key: ChosenKey) => Promise<void>): KeyForm => useKeyForm(act, { password })

type KeyTaskProps = {
  /** The verb with its object: 签署密封策略 */
  act: string
  hint: string
  consequences: ReactNode[]
  /** Does it with the chosen key; throws an Error whose message is the sentence to show. */
  run: (key: ChosenKey) => Promise<void>
  /** Shown when it is done. */
  done: ReactNode
}

/** One act signed with a key that stays where it is. */
export function KeyTask({ act, hint, consequences, run, done }: KeyTaskProps) {
  const [isDone, setDone] = useState(false)
  const form = useKeyTask(async key => {
    await run(key)
    setDone(true)
  })
  if (isDone) return <Alert kind="done">{done}</Alert>
  return <KeyTaskForm form={form} consequences={consequences} hint={hint} button={act} />
}
