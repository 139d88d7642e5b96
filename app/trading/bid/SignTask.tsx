import type { ReactNode } from 'react'
import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyTaskForm, useKeyTask } from '~/platform/identity/KeyTask'
import { SealingState } from './SealingState'
import type { SealTask } from './seal-client'
import { useSealing } from './use-sealing'

type SignTaskProps = {
  act: string
  /** What cannot be undone. */
  consequences: ReactNode[]
  taskOf: (key: ChosenKey) => SealTask
  back: string
}

/** One signed act on a bid that needs no files: withdraw it, or confirm it after a change. */
export function SignTask({ act, consequences, taskOf, back }: SignTaskProps) {
  const { state, start, commit } = useSealing()
  const form = useKeyTask(async key => start(taskOf(key)))
  const hint = '含本机构签名证书的 .p12'
  return (
    <>
      <KeyTaskForm form={form} consequences={consequences} hint={hint} button="在本机签名" isHidden={state.step !== 'idle'} />
      <SealingState state={state} act={act} onCommit={commit} back={back} />
    </>
  )
}
