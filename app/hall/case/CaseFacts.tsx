import { dayOf, endOfDay, formatDay } from '~/shared/time'
import { Countdown } from '~/ui/Countdown'
import type { Explanation } from '~/ui/Disclosure'
import { KeyValues } from '~/ui/KeyValues'
import { Section, Stack } from '~/ui/layout'
import { Tag } from '~/ui/Tag'
import { Day, When } from '~/ui/When'
import { noticeDays } from './case'
import type { CaseView } from './case.read.server'
import { caseStateText, caseTone, lightText, lightTone } from './case.text'

export const CaseTag = ({ state }: { state: CaseView['state'] }) => <Tag tone={caseTone[state]}>{caseStateText[state]}</Tag>

export const LightTag = ({ light }: { light: NonNullable<CaseView['light']> }) => (
  <Tag tone={lightTone[light]}>{lightText[light]}</Tag>
)

/** Who applied for what, and when. */
export function CaseFacts({ row }: { row: CaseView }) {
  return (
    <Section title="办件信息">
      <KeyValues
        items={[
          { label: '办件编号', value: row.number },
          { label: '事项', value: row.item.name },
          { label: '申请人', value: row.applicant.name },
          { label: '证件号码', value: row.applicant.idNumber },
          { label: '联系电话', value: row.applicant.phone },
          { label: '提交时间', value: <When at={row.submittedAt} seconds /> },
          ...(row.acceptedAt ? [{ label: '受理时间', value: <AcceptedAt row={row} /> }] : []),
          ...(row.promisedOn ? [{ label: '承诺办结', value: <Day on={row.promisedOn} /> }] : []),
          ...(row.legalDueOn ? [{ label: '法定办结', value: <Day on={row.legalDueOn} /> }] : []),
          ...(row.decidedAt ? [{ label: '办结时间', value: <When at={row.decidedAt} seconds /> }] : []),
        ]}
      />
    </Section>
  )
}

function AcceptedAt({ row }: { row: CaseView }) {
  return (
    <>
      <When at={row.acceptedAt ?? row.receivedAt} seconds />
      {row.isAcceptedByDefault ? '（逾期未告知，视为受理）' : ''}
    </>
  )
}

/** The limit that runs now, with why it falls on this day. */
export function CaseLimit({ row }: { row: CaseView }) {
  if (!row.dueOn || !row.light) return null
  const isNotice = row.state === 'submitted'
  return (
    <Section title="期限" aside={<LightTag light={row.light} />}>
      <Stack>
        <Countdown
          label={isNotice ? '最迟答复是否受理' : '承诺办结'}
          until={endOfDay(row.dueOn)}
          unit="工作日"
          passed="已超期"
          explain={isNotice ? noticeExplained(row) : promiseExplained(row)}
        />
      </Stack>
    </Section>
  )
}

const noticeExplained = (row: CaseView): Explanation => ({
  rule: `收到申请材料之日起 ${noticeDays} 个工作日内须一次告知需要补正的全部内容；逾期不告知的，自收到之日起即为受理。收到当日不计。`,
  article: '《行政许可法》第三十二条第四项、第八十二条',
  inputs: [
    { label: '收到材料', value: formatDay(dayOf(row.receivedAt)) },
    { label: '最后一日', value: formatDay(row.noticeDueOn) },
  ],
  calendar: row.calendarVersion,
  provisional: row.isProvisional,
})

const promiseExplained = (row: CaseView): Explanation => ({
  rule: `自受理之日起 ${row.item.promisedDays} 个工作日内办结（法定 ${row.item.legalDays} 个工作日）。受理当日不计。`,
  article: '《行政许可法》第四十二条、第八十二条；办事指南承诺时限',
  inputs: [
    { label: '受理', value: formatDay(dayOf(row.acceptedAt ?? row.receivedAt)) },
    { label: '法定最后一日', value: row.legalDueOn ? formatDay(row.legalDueOn) : '' },
  ],
  calendar: row.calendarVersion,
  provisional: row.isProvisional,
})
