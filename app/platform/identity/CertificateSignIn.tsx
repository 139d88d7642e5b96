import { useSubmit } from '@remix-run/react'
import { type FormEvent, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Actions, Remark, Stack } from '~/ui/layout'
import { TextField } from '~/ui/TextField'
import { callApi, signWithKeyFile } from './key-client'

const replyOf = (problem: string): FormReply => ({ problem, fields: {}, values: {} })

/** Signs the platform's challenge with a .p12 that stays in this browser, then opens the session. Needs scripts; the password does not. */
export function CertificateSignIn({ next }: { next: string }) {
  const [file, setFile] = useState<File>()
  const [reply, setReply] = useState<FormReply>()
  const [isBusy, setBusy] = useState(false)
  const submit = useSubmit()
  const signIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('filePassword') ?? '')
    if (!file) return setReply(replyOf('请先选择证书文件。'))
    setBusy(true)
    setReply(undefined)
    try {
      const challenge = await callApi<{ id: string; nonce: string }>('/challenges')
      const { cms } = await signWithKeyFile(file, password, [challenge.nonce])
      submit({ challengeId: challenge.id, cms: cms[0] ?? '', next }, { method: 'post', action: '/sign-in/certificate' })
    } catch (error) {
      setReply(replyOf(error instanceof Error ? error.message : '未登录：证书未能使用。'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={signIn} noValidate>
      <Stack>
        <ErrorSummary reply={reply} />
        <FileField name="keyFile" label="证书文件" hint=".p12 或 .pfx" accept=".p12,.pfx" onFiles={files => setFile(files[0])} />
        <TextField name="filePassword" label="证书文件密码" type="password" autoComplete="off" />
        <Actions>
          <Submit look="plain">{isBusy ? '正在签名…' : '用证书登录'}</Submit>
        </Actions>
        <Remark>私钥与密码只在本机浏览器中使用，不会上传；平台只收到对一次性挑战的签名。</Remark>
        <noscript>数字证书登录需要启用 JavaScript；密码登录不需要。</noscript>
      </Stack>
    </form>
  )
}
