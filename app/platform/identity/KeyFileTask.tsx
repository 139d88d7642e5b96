import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Bullets, Remark } from '~/ui/layout'
import { Alert, Notice } from '~/ui/Notice'
import { TextField } from '~/ui/TextField'

type KeyFileTaskProps = {
  /** The verb with its object: 签署密封策略 */
  act: string
  hint: string
  consequences: ReactNode[]
  /** Does it with the chosen file; throws an Error whose message is the sentence to show. */
  run: (file: File, password: string) => Promise<void>
  /** Shown when it is done. */
  done: ReactNode
}

/** One act signed with a certificate file that stays in this browser. */
export function KeyFileTask({ act, hint, consequences, run, done }: KeyFileTaskProps) {
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle')
  const [reply, setReply] = useState<FormReply>()
  const file = useRef<File>()
  const sign = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password') ?? '')
    if (!file.current) return setReply({ problem: '请改正以下内容', fields: { keyFile: '请选择证书文件' }, values: {} })
    setReply(undefined)
    setState('busy')
    try {
      await run(file.current, password)
      setState('done')
    } catch (error) {
      setState('idle')
      setReply({ problem: error instanceof Error ? error.message : `未办理：${act}。`, fields: {}, values: {} })
    }
  }
  if (state === 'done') return <Alert kind="done">{done}</Alert>
  return (
    <form onSubmit={sign} noValidate className="flex flex-col gap-6">
      <ErrorSummary reply={reply} />
      <Notice kind="warn" title="不可撤回的后果">
        <Bullets items={consequences} />
      </Notice>
      <FileField
        name="keyFile"
        label="证书文件"
        hint={hint}
        accept=".p12,.pfx"
        reply={reply}
        onFiles={([chosen]) => {
          file.current = chosen
        }}
      />
      <TextField name="password" label="证书文件密码" type="password" autoComplete="off" reply={reply} />
      <Remark>私钥与密码只在本机浏览器中使用，不会上传。</Remark>
      <noscript>签名须在浏览器中进行，请启用 JavaScript，或用接口提交签名。</noscript>
      <Actions pinned>
        <Submit>{state === 'busy' ? '正在办理…' : act}</Submit>
      </Actions>
    </form>
  )
}
