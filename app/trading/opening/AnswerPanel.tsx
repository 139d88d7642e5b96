import { callApi, signWithKeyFile } from '~/platform/identity/key-client'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Hash } from '~/ui/Hash'
import { Actions, Section, Stack } from '~/ui/layout'
import { TextArea } from '~/ui/TextField'
import { type AnswerScope, answerTextOf } from './answer-text'
import { KeyFields } from './KeyFields'
import { answerText } from './opening.text'
import { useKeyForm } from './use-key-form'

const choices = [
  { value: 'no-objection', text: answerText['no-objection'] },
  { value: 'objection', text: answerText.objection },
]

async function send(scope: AnswerScope, values: FormData, file: File): Promise<void> {
  const answer = values.get('answer') === 'objection' ? 'objection' : 'no-objection'
  const text = answer === 'objection' ? String(values.get('text') ?? '').trim() : ''
  if (answer === 'objection' && !text) throw new Error('请写明异议。')
  const { cms } = await signWithKeyFile(file, String(values.get('filePassword') ?? ''), [answerTextOf(scope, { answer, text })])
  await callApi(`/lots/${scope.lot}/confirmations`, { answer, text, cms: cms[0] })
}

/** A bidder's signed word on the record: no objection, or an objection that the host answers on the spot (《招标投标法实施条例》44). */
export function AnswerPanel({ scope, onDone }: { scope: AnswerScope; onDone: () => void }) {
  const form = useKeyForm((file, values) => send(scope, values, file).then(onDone))
  return (
    <Section title="对开标记录表态">
      <form onSubmit={form.onSubmit} noValidate>
        <Stack>
          <ErrorSummary reply={form.reply} />
          <p>
            本次记录摘要 <Hash value={scope.recordHash} />
          </p>
          <RadioField name="answer" label="意见" choices={choices} value="no-objection" />
          <TextArea name="text" label="异议内容" optional hint="有异议时填写，主持人将当场答复" />
          <KeyFields hint=".p12 或 .pfx" onFiles={form.setFile} />
          <Actions pinned>
            <Submit>{form.isBusy ? '正在签名…' : '签署并提交意见'}</Submit>
          </Actions>
          <noscript>签署需要启用 JavaScript；逾期未表态的记为未表态。</noscript>
        </Stack>
      </form>
    </Section>
  )
}
