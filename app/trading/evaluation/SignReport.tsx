import { useRevalidator } from '@remix-run/react'
import { useRef } from 'react'
import { keyFields } from '~/platform/identity/chosen-key'
import { makeHeldSet } from '~/platform/identity/held-key-client'
import { KeyPicker } from '~/platform/identity/KeyPicker'
import { useKeyForm } from '~/platform/identity/use-key-form'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Hash } from '~/ui/Hash'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { ScriptForm } from '~/ui/ScriptForm'
import { TextArea } from '~/ui/TextField'
import { signReportHere } from './sign-client'
import type { GivenWord, MemberAnswer, SignScope } from './sign-text'

const answers: { value: MemberAnswer; text: string; hint?: string }[] = [
  { value: 'sign', text: '同意并签署' },
  { value: 'dissent', text: '不同意评标结论', hint: '须书面说明不同意见和理由，意见原文写入报告。' },
  {
    value: 'refuse',
    text: '拒绝签字，且不书面说明理由',
    hint: '视为同意评标结论（《招标投标法实施条例》第五十三条）。',
  },
]

function wordOf(form: FormData): GivenWord | null {
  const answer = answers.find(one => one.value === form.get('answer'))?.value
  return answer ? { answer, reason: answer === 'dissent' ? String(form.get('reason') ?? '').trim() : '' } : null
}

function check(form: FormData): Record<string, string> {
  const word = wordOf(form)
  if (!word) return { answer: '请选择意见' }
  return word.answer === 'dissent' && !word.reason ? { reason: '不同意评标结论的，请书面说明理由' } : {}
}

/** A key made here and certified at once for this evaluation: it stays in this browser and nobody can export it (crypto.md §10.13). */
const fresh = {
  value: 'fresh',
  text: '在本机新生成密钥，由演练 CA 当场签发本人证书',
  hint: '密钥只在本浏览器中，不能导出；证书 7 日内有效，仅用于本次评标。',
}

type Props = { scope: SignScope; reportText: string; isSandbox: boolean; code: string; answered: boolean }

/** A member's word on the report, signed in this browser. */
export function SignReport({ answered, ...props }: Props) {
  return answered ? null : <SignForm {...props} />
}

function SignForm({ scope, reportText, isSandbox, code }: Omit<Props, 'answered'>) {
  const { reply, isBusy, onSubmit } = useSigning(scope, reportText)
  return (
    <Section title="签署">
      <ScriptForm onSubmit={onSubmit}>
        <ErrorSummary reply={reply} />
        <Consequences code={code} hash={scope.reportHash} />
        <RadioField name="answer" label="本人意见" choices={answers} value="sign" reply={reply} />
        <TextArea name="reason" label="不同意见和理由" rows={4} reply={reply} optional />
        <KeyPicker hint="含本人签名证书的 .p12" reply={reply} own={isSandbox ? fresh : undefined} />
        <Actions pinned>
          <Submit>{isBusy ? '正在签名…' : '签署评标报告'}</Submit>
        </Actions>
        <noscript>签名在本机浏览器中完成，需要启用 JavaScript。</noscript>
      </ScriptForm>
    </Section>
  )
}

function useSigning(scope: SignScope, reportText: string) {
  const { revalidate } = useRevalidator()
  const made = useRef<string>()
  /** A second try uses the key of the first: a certificate is made once. */
  const freshKey = async () => {
    made.current ??= await makeHeldSet('p256', ['sign'])
    return { source: 'browser' as const, setId: made.current }
  }
  return useKeyForm(
    async (key, form) => {
      const word = wordOf(form)
      if (word) await signReportHere({ scope, reportText, word, key })
      revalidate()
    },
    { check, ownKey: form => (form.get(keyFields.source) === fresh.value ? freshKey : null) },
  )
}

function Consequences({ code, hash }: { code: string; hash: string }) {
  return (
    <Notice kind="warn" title="签署后不能更改">
      <Bullets
        items={[
          <>
            以评委 {code} 本人的密钥，对摘要为 <Hash value={hash} label="报告内容摘要" /> 的评标报告表态。
          </>,
          '全体评委表态后，报告加盖平台签章并送招标人和监督部门；您的姓名、意见和理由写入报告。',
        ]}
      />
    </Notice>
  )
}
