import type { FormReply } from '~/shared/form-reply'
import { formatInstant } from '~/shared/time'
import { SelectField } from '~/ui/ChoiceField'
import { ConfirmTask } from '~/ui/ConfirmTask'
import { Notice } from '~/ui/Notice'
import { TextArea } from '~/ui/TextField'
import type { Awarding } from './award.read.server'

type Props = { awarding: Awarding; reply: FormReply | null | undefined }

/** The next act after the evaluation: publish the candidates, wait for the publicity, decide. */
export function AwardTask({ awarding, reply }: Props) {
  const { lot, now, candidates, periodEndsAt, award } = awarding
  if (award)
    return (
      <Notice>{`已于 ${formatInstant(award.awardedAt)} 定标：${candidates.find(c => c.id === award.bidId)?.name ?? ''}。`}</Notice>
    )
  if (lot.state === 'evaluated') return <PublishTask awarding={awarding} reply={reply} />
  if (periodEndsAt && periodEndsAt > now)
    return (
      <Notice>{`中标候选人公示至 ${formatInstant(periodEndsAt)}，期满后方可定标（《招标投标法实施条例》第五十四条）。`}</Notice>
    )
  return <DecideTask awarding={awarding} reply={reply} />
}

function PublishTask({ awarding: { lot, candidates }, reply }: Props) {
  return (
    <ConfirmTask
      object={`${lot.name}（${lot.code}）`}
      act="公示中标候选人"
      will={[
        `公示：${candidates.map((c, i) => `第${i + 1}名 ${c.name}`).join('；')}。`,
        '公示期按本项目规则计算，不得少于 3 日；期间受理异议。',
      ]}
      cannotUndo={['公示发布后不能撤下，只能依法更正。']}
      reply={reply}
    />
  )
}

function DecideTask({ awarding: { lot, candidates }, reply }: Props) {
  return (
    <ConfirmTask
      object={`${lot.name}（${lot.code}）`}
      act="确定中标人"
      will={['签发中标通知书，并同时公布中标结果（《招标投标法》第四十五条）。']}
      cannotUndo={['中标通知书发出后改变中标结果的，应当承担法律责任。']}
      reply={reply}
    >
      <SelectField
        name="bidId"
        label="中标人"
        hint="应当确定排名第一的候选人（《招标投标法实施条例》第五十五条）"
        choices={candidates.map((c, i) => ({ value: c.id, text: `第${i + 1}名 ${c.name}` }))}
        value={candidates[0]?.id ?? ''}
        reply={reply}
      />
      <TextArea name="reason" label="改选其他候选人的理由" rows={3} reply={reply} optional />
    </ConfirmTask>
  )
}
