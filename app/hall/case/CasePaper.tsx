import { dayOf, formatDay } from '~/shared/time'
import { Paper } from '~/ui/Paper'
import { When } from '~/ui/When'
import { StepProof } from './CaseSteps'
import type { CaseView } from './case.read.server'
import { paperTitle } from './case.text'

type Step = CaseView['steps'][number]
type Sentence = (row: CaseView, step: Step) => string[]

const materialNames = (row: CaseView) => {
  const name = (code: string) => row.item.materials.find(m => m.code === code)?.name ?? code
  return row.materials.map((m, i) => `${i + 1}. ${name(m.code)}（${m.name}）`)
}

/** What each paper says; the legal ground stands in its text. */
const bodies: Partial<Record<Step['action'], Sentence>> = {
  submit: row => [
    `已收到你（单位）提交的“${row.item.name}”申请，材料如下：`,
    ...materialNames(row),
    `本平台将于 ${formatDay(row.noticeDueOn)} 前答复是否受理；逾期不告知的，自收到之日起即为受理（《行政许可法》第三十二条）。`,
  ],
  supplement: row => [`已收到你（单位）补正的材料。现有材料如下：`, ...materialNames(row)],
  'ask-correction': (_row, step) => [
    '经审查，申请材料不齐全或者不符合法定形式。依据《行政许可法》第三十二条第一款第四项，现一次告知需要补正的全部内容：',
    step.text,
    '请在本平台“我的办件”中补正。此通知只发一次，补正齐全后即予受理。',
  ],
  accept: (row, step) => [
    `你（单位）的“${row.item.name}”申请材料齐全、符合法定形式，依据《行政许可法》第三十二条第一款第五项，予以受理。`,
    row.promisedOn
      ? `承诺于 ${formatDay(row.promisedOn)} 前办结，法定最后一日为 ${formatDay(row.legalDueOn ?? row.promisedOn)}。`
      : '',
    step.text,
  ],
  'accept-by-default': row => [
    '因未在五个工作日内告知补正，依据《行政许可法》第三十二条第一款第四项，本申请自收到材料之日起即为受理。',
    `受理日期：${formatDay(dayOf(row.receivedAt))}。`,
  ],
  reject: (_row, step) => ['你（单位）的申请不予受理，理由和依据如下：', step.text],
  approve: (row, step) => [`经审查，你（单位）的“${row.item.name}”申请符合条件，准予。`, step.text],
  refuse: (row, step) => [`经审查，你（单位）的“${row.item.name}”申请不予许可，理由如下：`, step.text],
  withdraw: (_row, step) => ['申请人已撤回本申请，办理终止。', step.text],
}

/** The paper of one step as seen, with its number and its proof. */
export function CasePaper({ row, step, issuer }: { row: CaseView; step: Step; issuer: string }) {
  const lines = bodies[step.action]?.(row, step).filter(Boolean) ?? []
  return (
    <Paper
      title={paperTitle[step.action]}
      number={step.paperNumber}
      issuer={`${issuer}　${formatDay(dayOf(step.at))}`}
      signatures={<StepProof caseId={row.id} step={step} />}
    >
      <p>{row.applicant.name}：</p>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      <p>
        办件编号：{row.number}
        <br />
        出具时间：
        <When at={step.at} seconds />
        <br />
        经办：{step.actorName}
      </p>
    </Paper>
  )
}
