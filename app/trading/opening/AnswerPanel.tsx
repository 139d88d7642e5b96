import { type FormEvent, useState } from 'react'
import { callApi, signWithKeyFile } from '~/platform/identity/key-client'
import type { FormReply } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { FileField } from '~/ui/FileField'
import { Hash } from '~/ui/Hash'
import { Actions, Section, Stack } from '~/ui/layout'
import { TextArea, TextField } from '~/ui/TextField'
import { type AnswerScope, answerTextOf } from './answer-text'

const replyOf = (problem: string): FormReply => ({ problem, fields: {}, values: {} })

async function send(scope: AnswerScope, values: FormData, file: File): Promise<void> {
  const answer = values.get('answer') === 'objection' ? 'objection' : 'no-objection'
  const text = answer === 'objection' ? String(values.get('text') ?? '').trim() : ''
  if (answer === 'objection' && !text) throw new Error('请写明异议。')
  const { cms } = await signWithKeyFile(file, String(values.get('filePassword') ?? ''), [answerTextOf(scope, { answer, text })])
  await callApi(`/lots/${scope.lot}/confirmations`, { answer, text, cms: cms[0] })
}

/** A bidder's signed word on the record: no objection, or an objection that the host answers on the spot (《招标投标法实施条例》44). */
export function AnswerPanel({ scope, onDone }: { scope: AnswerScope; onDone: () => void }) {
  const [file, setFile] = useState<File>()
  const [reply, setReply] = useState<FormReply>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    if (!file) return setReply(replyOf('请先选择证书文件。'))
    setBusy(true)
    setReply(undefined)
    await send(scope, values, file).then(onDone, (error: unknown) =>
      setReply(replyOf(error instanceof Error ? error.message : '未提交。')),
    )
    setBusy(false)
  }
  return (
    <Section title="对开标记录表态">
      <form onSubmit={submit} noValidate>
        <Stack>
          <ErrorSummary reply={reply} />
          <p>
            本次记录摘要 <Hash value={scope.recordHash} />
          </p>
          <RadioField
            name="answer"
            label="意见"
            choices={[
              { value: 'no-objection', text: '无异议' },
              { value: 'objection', text: '有异议' },
            ]}
            value="no-objection"
          />
          <TextArea name="text" label="异议内容" optional hint="有异议时填写，主持人将当场答复" />
          <FileField
            name="keyFile"
            label="证书文件"
            hint=".p12 或 .pfx"
            accept=".p12,.pfx"
            onFiles={files => setFile(files[0])}
          />
          <TextField name="filePassword" label="证书文件密码" type="password" autoComplete="off" />
          <Actions pinned>
            <Submit>{isBusy ? '正在签名…' : '签署并提交意见'}</Submit>
          </Actions>
          <noscript>签署需要启用 JavaScript；逾期未表态的记为未表态。</noscript>
        </Stack>
      </form>
    </Section>
  )
}
