import { useRevalidator } from '@remix-run/react'
import { type FormEvent, useRef, useState } from 'react'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Hash } from '~/ui/Hash'
import { Actions, Bullets, Remark, Section, Stack } from '~/ui/layout'
import { Alert, Notice } from '~/ui/Notice'
import { TextArea, TextField } from '~/ui/TextField'
import { makeSigningFile, signReportHere } from './sign-client'
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
const isAnswer = (value: unknown): value is MemberAnswer => answers.some(one => one.value === value)

type Given = { word: GivenWord; isFresh: boolean; password: string }
type Checked = { given: Given } | { fields: Record<string, string> }

function check(form: FormData, file: File | undefined): Checked {
  const answer = form.get('answer')
  const reason = answer === 'dissent' ? String(form.get('reason') ?? '').trim() : ''
  const [isFresh, password] = [form.get('key') === 'fresh', String(form.get('filePassword') ?? '')]
  const fields: Record<string, string> = {}
  if (!isAnswer(answer)) fields.answer = '请选择意见'
  if (answer === 'dissent' && !reason) fields.reason = '不同意评标结论的，请书面说明理由'
  if (!isFresh && !file) fields.keyFile = '请选择证书文件'
  if (isFresh && password.length < 8) fields.filePassword = '证书文件密码至少 8 位'
  if (!isAnswer(answer) || Object.keys(fields).length > 0) return { fields }
  return { given: { word: { answer, reason }, isFresh, password } }
}

type Props = { scope: SignScope; reportText: string; isSandbox: boolean; code: string; answered: boolean }

/** A member's word on the report, signed in this browser with a key that never leaves it but in the member's own file. */
export function SignReport({ answered, ...props }: Props) {
  const [link, setLink] = useState<string>()
  return (
    <>
      {link ? (
        <Alert kind="done" title="签名所用的证书文件">
          <a href={link} download="expert-key.p12">
            保存证书文件 expert-key.p12
          </a>
          <p>私钥只在这个文件里，平台没有副本；证书 7 日内有效，仅用于本次评标。</p>
        </Alert>
      ) : null}
      {answered ? null : <SignForm {...props} onKey={file => setLink(URL.createObjectURL(file))} />}
    </>
  )
}

type FormProps = Omit<Props, 'answered'> & { onKey: (file: File) => void }

function SignForm(props: FormProps) {
  const { reply, isBusy, submit, choose } = useSigning(props)
  return (
    <Section title="签署">
      <form onSubmit={submit} noValidate>
        <Stack>
          <ErrorSummary reply={reply} />
          <Consequences code={props.code} hash={props.scope.reportHash} />
          <RadioField name="answer" label="本人意见" choices={answers} value="sign" reply={reply} />
          <TextArea name="reason" label="不同意见和理由" rows={4} reply={reply} optional />
          <KeyFields isSandbox={props.isSandbox} reply={reply} onFile={choose} />
          <Actions pinned>
            <Submit>{isBusy ? '正在签名…' : '签署评标报告'}</Submit>
          </Actions>
          <noscript>签名在本机浏览器中完成，需要启用 JavaScript。</noscript>
        </Stack>
      </form>
    </Section>
  )
}

function useSigning({ scope, reportText, onKey }: FormProps) {
  const [reply, setReply] = useState<FormReply>()
  const [isBusy, setBusy] = useState(false)
  const chosen = useRef<File>()
  const fresh = useRef<{ file: File; password: string }>()
  const { revalidate } = useRevalidator()
  /** A second try uses the key of the first: a certificate is made once. */
  const freshFile = async (password: string): Promise<File> => {
    if (fresh.current?.password === password) return fresh.current.file
    fresh.current = { file: await makeSigningFile(password), password }
    onKey(fresh.current.file)
    return fresh.current.file
  }
  const sign = async ({ word, isFresh, password }: Given) => {
    const file = isFresh ? await freshFile(password) : chosen.current!
    await signReportHere({ scope, reportText, word, file, password })
    revalidate()
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const checked = check(new FormData(event.currentTarget), chosen.current)
    if ('fields' in checked) return setReply({ problem: '请改正以下内容', fields: checked.fields, values: {} })
    setBusy(true)
    setReply(undefined)
    await sign(checked.given).catch((error: unknown) => setReply(replyOf(error)))
    setBusy(false)
  }
  const choose = (file: File | undefined) => {
    chosen.current = file
  }
  return { reply, isBusy, submit, choose }
}

const replyOf = (error: unknown): FormReply => ({
  problem: error instanceof Error ? error.message : '未签署。',
  fields: {},
  values: {},
})

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

type KeyFieldsProps = { isSandbox: boolean; reply: FormReply | undefined; onFile: (file: File | undefined) => void }

function KeyFields({ isSandbox, reply, onFile }: KeyFieldsProps) {
  const own = { value: 'own', text: '用本人已有的证书文件（.p12）' }
  const made = { value: 'fresh', text: '在本机新生成密钥，由演练 CA 当场签发本人证书', hint: '证书 7 日内有效，仅用于本次评标。' }
  return (
    <>
      <RadioField
        name="key"
        label="签名密钥"
        choices={isSandbox ? [made, own] : [own]}
        value={isSandbox ? 'fresh' : 'own'}
        reply={reply}
      />
      <FileField name="keyFile" label="证书文件" accept=".p12,.pfx" onFiles={([file]) => onFile(file)} reply={reply} optional />
      <TextField
        name="filePassword"
        label="证书文件密码"
        hint={isSandbox ? '新生成的密钥用此密码保存，至少 8 位；已有证书文件的，填写其密码。' : undefined}
        type="password"
        autoComplete="off"
        reply={reply}
      />
      <Remark>私钥和密码只在本机浏览器中使用，不会上传。</Remark>
    </>
  )
}
