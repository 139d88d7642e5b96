import type { OpeningPhase } from '@/db/schema/trading/opening'
import type { ActKind } from '@/db/schema/trading/opening-act'
import { type FormReply, replyTo } from '~/shared/form-reply'
import { Submit } from '~/ui/Button'
import { RadioField, SelectField } from '~/ui/ChoiceField'
import { Disclosure } from '~/ui/Disclosure'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Hidden, PostForm } from '~/ui/PostForm'
import { TextArea, TextField } from '~/ui/TextField'
import { TimeField } from '~/ui/TimeField'
import { actRules } from '../rules/opening-acts'
import { actText, causeText } from './acts.text'
import type { Hall } from './hall'
import { openingFlow } from './opening'

type Reply = { reply: FormReply | undefined }

/** What may be asked for in this phase, in the order of the list. */
function kindsIn(phase: OpeningPhase, isHost: boolean, hasBids: boolean, hasTwins: boolean): ActKind[] {
  const flow = openingFlow[phase]
  const isAdjourned = phase === 'adjourned'
  const kinds: [ActKind, boolean][] = [
    ['second-envelope', isHost && phase === 'intermission'],
    ['adjourn', flow.adjourn !== undefined],
    ['resume', isAdjourned],
    ['extend', isHost && (phase === 'releasing' || isAdjourned)],
    ['restart', isHost && flow.restart !== undefined],
    ['abort', isHost && flow.abort !== undefined],
    ['twin', isHost && phase === 'reading' && hasTwins],
    ['destroy', isHost && phase === 'aborted' && !hasBids],
  ]
  return kinds.flatMap(([kind, isOpen]) => (isOpen ? [kind] : []))
}

const consent = (kind: ActKind) => (actRules[kind].approver ? '，须监督部门同意' : '')

/** Supervised acts of host and supervisor: stopping, going on, a longer or second window, the end. Works without scripts. */
export function ActPanel({ hall, isHost, reply }: Reply & { hall: Hall; isHost: boolean }) {
  const kinds = hall.phase && !hall.proposal ? kindsIn(hall.phase, isHost, hall.bids.length > 0, hall.twins.length > 0) : []
  if (kinds.length === 0) return null
  const own = replyTo(reply, 'act')
  const causes = [...new Set(kinds.flatMap(kind => actRules[kind].causes))]
  return (
    <Disclosure
      summary={kinds[0] === 'second-envelope' ? '开启第二信封，或中止开标' : '中止、复会与补救'}
      open={own !== undefined}
    >
      <ErrorSummary reply={own} />
      <PostForm>
        <Hidden name="intent" value="act" />
        <SelectField
          name="kind"
          label="事项"
          choices={kinds.map(kind => ({ value: kind, text: `${actText[kind]}${consent(kind)}` }))}
          reply={own}
        />
        <SelectField
          name="cause"
          label="事由"
          choices={causes.map(cause => ({ value: cause, text: causeText[cause] }))}
          reply={own}
        />
        <TextArea name="reason" label="情况说明" hint="写入日志和开标记录，向全体公开" reply={own} />
        <TextField
          name="minutes"
          label="时长"
          unit="分钟"
          hint="延长或重新开启解密时填写"
          inputMode="numeric"
          reply={own}
          optional
        />
        <TimeField
          name="resumesAt"
          label="复会或开启时间"
          hint="中止开标且已定复会时间时填写；开启第二信封的时间，不填即获准后立即开启"
          reply={own}
          optional
        />
        <Actions>
          <Submit look="danger">提交</Submit>
        </Actions>
      </PostForm>
    </Disclosure>
  )
}

/** The supervisor's word on what the host asks for. */
export function DecisionPanel({ hall, reply }: Reply & { hall: Hall }) {
  const { proposal } = hall
  if (!proposal) return null
  const own = replyTo(reply, 'decide')
  return (
    <Section title={`主持人提请${actText[proposal.act]}`}>
      <ErrorSummary reply={own} />
      <Notice title={causeText[proposal.cause]}>{proposal.reason}</Notice>
      <PostForm>
        <Hidden name="intent" value="decide" />
        <Hidden name="kind" value={proposal.act} />
        <RadioField
          name="approved"
          label="决定"
          choices={[
            { value: 'yes', text: '同意，立即生效' },
            { value: 'no', text: '不同意' },
          ]}
          reply={own}
        />
        <TextArea name="decision" label="意见" reply={own} optional />
        <Actions>
          <Submit>作出决定</Submit>
        </Actions>
      </PostForm>
    </Section>
  )
}
