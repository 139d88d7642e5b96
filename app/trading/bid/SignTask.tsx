import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Bullets, Remark } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { TextField } from '~/ui/TextField'
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
  const sign = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    if (!file.current) return setReply({ problem: '请改正以下内容', fields: { keyFile: '请选择证书文件' }, values: {} })
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
        <FileField
          name="keyFile"
          label="证书文件"
          hint="含本机构签名证书的 .p12"
          accept=".p12,.pfx"
          reply={reply}
          onFiles={([chosen]) => {
            file.current = chosen
          }}
        />
        <TextField name="password" label="证书文件密码" type="password" autoComplete="off" reply={reply} />
        <Remark>私钥与密码只在本机浏览器中使用，不会上传。</Remark>
        <Actions pinned>
          <Submit>在本机签名</Submit>
        </Actions>
      </form>
      <SealingState state={state} act={act} onCommit={commit} back={back} />
    </>
  )
}
