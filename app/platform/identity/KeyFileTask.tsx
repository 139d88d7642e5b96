import { type FormEvent, type ReactNode, useState } from 'react'
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

/** The password typed into a form of KeyFileFields. */
export const passwordOf = (form: HTMLFormElement): string => String(new FormData(form).get('password') ?? '')

/** What to say when no certificate file was chosen. */
export const missingFile: FormReply = { problem: '请改正以下内容', fields: { keyFile: '请选择证书文件' }, values: {} }

/** One act signed with a certificate file that stays in this browser. */
export function KeyFileTask({ act, hint, consequences, run, done }: KeyFileTaskProps) {
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle')
  const [reply, setReply] = useState<FormReply>()
  const [file, setFile] = useState<File>()
  const sign = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = passwordOf(event.currentTarget)
    if (!file) return setReply(missingFile)
    setReply(undefined)
    setState('busy')
    const problem = await run(file, password).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : `未办理：${act}。`),
    )
    setState(problem === null ? 'done' : 'idle')
    if (problem !== null) setReply({ problem, fields: {}, values: {} })
  }
  if (state === 'done') return <Alert kind="done">{done}</Alert>
  return (
    <form onSubmit={sign} noValidate className="flex flex-col gap-6">
      <ErrorSummary reply={reply} />
      <Notice kind="warn" title="不可撤回的后果">
        <Bullets items={consequences} />
      </Notice>
      <KeyFileFields hint={hint} reply={reply} onFile={setFile} />
      <noscript>签名须在浏览器中进行，请启用 JavaScript，或用接口提交签名。</noscript>
      <Actions pinned>
        <Submit>{state === 'busy' ? '正在办理…' : act}</Submit>
      </Actions>
    </form>
  )
}

type KeyFileFieldsProps = { hint: string; reply: FormReply | undefined; onFile: (file: File | undefined) => void }

/** The certificate file and its password: both are used in this browser only. */
export function KeyFileFields({ hint, reply, onFile }: KeyFileFieldsProps) {
  return (
    <>
      <FileField
        name="keyFile"
        label="证书文件"
        hint={hint}
        accept=".p12,.pfx"
        reply={reply}
        onFiles={([chosen]) => onFile(chosen)}
      />
      <TextField name="password" label="证书文件密码" type="password" autoComplete="off" reply={reply} />
      <Remark>私钥与密码只在本机浏览器中使用，不会上传。</Remark>
    </>
  )
}
