import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { KeyFileFields, missingFile, passwordOf } from '~/platform/identity/KeyFileTask'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { SealingState } from './SealingState'
import type { KeyFile, SealTask } from './seal-client'
import { useSealing } from './use-sealing'

type SignTaskProps = {
  act: string
  /** What cannot be undone. */
  consequences: ReactNode[]
  taskOf: (key: KeyFile) => SealTask
  back: string
}

/** One signed act on a bid that needs no files: withdraw it, or confirm it after a change. */
export function SignTask({ act, consequences, taskOf, back }: SignTaskProps) {
  const { state, start, commit } = useSealing()
  const [reply, setReply] = useState<FormReply>()
  const file = useRef<File>()
  const choose = (chosen: File | undefined) => {
    file.current = chosen
  }
  const sign = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = passwordOf(event.currentTarget)
    if (!file.current) return setReply(missingFile)
    setReply(undefined)
    start(taskOf({ bytes: await file.current.arrayBuffer(), password }))
  }
  return (
    <>
      <form onSubmit={sign} noValidate hidden={state.step !== 'idle'} className="flex flex-col gap-6">
        <ErrorSummary reply={reply} />
        <Notice kind="warn" title="不可撤回的后果">
          <Bullets items={consequences} />
        </Notice>
        <KeyFileFields hint="含本机构签名证书的 .p12" reply={reply} onFile={choose} />
        <Actions pinned>
          <Submit>在本机签名</Submit>
        </Actions>
      </form>
      <SealingState state={state} act={act} onCommit={commit} back={back} />
    </>
  )
}
