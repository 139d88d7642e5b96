import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyPicker } from '~/platform/identity/KeyPicker'
import { callApi, signWithKey } from '~/platform/identity/key-client'
import { useKeyForm } from '~/platform/identity/use-key-form'
import { Submit } from '~/ui/Button'
import { RadioField } from '~/ui/ChoiceField'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Hash } from '~/ui/Hash'
import { Actions, Section } from '~/ui/layout'
import { ScriptForm } from '~/ui/ScriptForm'
import { TextArea } from '~/ui/TextField'
import { type AnswerScope, answerTextOf } from './answer-text'
import { answerText } from './opening.text'

const choices = [
  { value: 'no-objection', text: answerText['no-objection'] },
  { value: 'objection', text: answerText.objection },
]

const wordOf = (values: FormData) => {
  const answer: 'objection' | 'no-objection' = values.get('answer') === 'objection' ? 'objection' : 'no-objection'
  return { answer, text: answer === 'objection' ? String(values.get('text') ?? '').trim() : '' }
}

/** An objection has to say what it is. */
function check(values: FormData): Record<string, string> {
  const { answer, text } = wordOf(values)
  return answer === 'objection' && !text ? { text: '请写明异议' } : {}
}

async function send(scope: AnswerScope, values: FormData, key: ChosenKey): Promise<void> {
  const { answer, text } = wordOf(values)
  const { cms } = await signWithKey(key, [answerTextOf(scope, { answer, text })])
  await callApi(`/lots/${scope.lot}/confirmations`, { answer, text, cms: cms[0] })
}

/** A bidder's signed word on the record: no objection, or an objection that the host answers on the spot (《招标投标法实施条例》44). */
export function AnswerPanel({ scope, isAwaited, onDone }: { scope: AnswerScope; isAwaited: boolean; onDone: () => void }) {
  const form = useKeyForm((key, values) => send(scope, values, key).then(onDone), { check })
  return (
    <Section title="对开标记录表态">
      <ScriptForm onSubmit={form.onSubmit}>
        <ErrorSummary reply={form.reply} />
        {isAwaited ? null : <p>贵方第二信封未开启，无需表态；对本次开标有异议的可以提出。</p>}
        <p>
          本次记录摘要 <Hash value={scope.recordHash} />
        </p>
        <RadioField name="answer" label="意见" choices={choices} value="no-objection" reply={form.reply} />
        <TextArea name="text" label="异议内容" optional hint="有异议时填写，主持人将当场答复" reply={form.reply} />
        <KeyPicker hint=".p12 或 .pfx" reply={form.reply} />
        <Actions pinned>
          <Submit>{form.isBusy ? '正在签名…' : '签署并提交意见'}</Submit>
        </Actions>
        <noscript>签署需要启用 JavaScript；{isAwaited ? '逾期未表态的记为未表态。' : '不提出的不作记录。'}</noscript>
      </ScriptForm>
    </Section>
  )
}
