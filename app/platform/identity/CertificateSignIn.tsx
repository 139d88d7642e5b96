import { useSubmit } from '@remix-run/react'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Remark } from '~/ui/layout'
import { ScriptForm } from '~/ui/ScriptForm'
import { KeyPicker } from './KeyPicker'
import { callApi, signWithKey } from './key-client'
import { useKeyForm } from './use-key-form'

/** Signs the platform's challenge with a key of the person's own, then opens the session. Needs scripts; the password does not. */
export function CertificateSignIn({ next }: { next: string }) {
  const submit = useSubmit()
  const form = useKeyForm(async key => {
    const challenge = await callApi<{ id: string; nonce: string }>('/challenges')
    const { cms } = await signWithKey(key, [challenge.nonce])
    submit({ challengeId: challenge.id, cms: cms[0] ?? '', next }, { method: 'post', action: '/sign-in/certificate' })
  })
  return (
    <ScriptForm onSubmit={form.onSubmit}>
      <ErrorSummary reply={form.reply} />
      <KeyPicker hint=".p12 或 .pfx" reply={form.reply} />
      <Actions>
        <Submit look="plain">{form.isBusy ? '正在签名…' : '用证书登录'}</Submit>
      </Actions>
      <Remark>平台只收到对一次性挑战的签名。</Remark>
      <noscript>数字证书登录需要启用 JavaScript；密码登录不需要。</noscript>
    </ScriptForm>
  )
}
