import { formatInstant } from '~/shared/time'
import { Hash } from '~/ui/Hash'
import { KeyValues } from '~/ui/KeyValues'
import { Section } from '~/ui/layout'
import { Progress } from '~/ui/Progress'
import type { Hall } from './hall'
import { answerText, bidStateText, envelopeText } from './opening.text'

const nos = (bids: Hall['bids']) => (bids.length > 0 ? bids.map(bid => `${bid.no} 号`).join('、') : '无')

/** How far the read-out has come; nothing before the list and after the end. */
export function ReadOutProgress({ hall }: { hall: Hall }) {
  if (hall.bids.length === 0 || (hall.phase !== 'releasing' && hall.phase !== 'reading')) return null
  const bids = hall.bids.filter(bid => bid.state !== 'unopened')
  const done = bids.filter(bid => bid.state !== 'locked').length
  return (
    <Progress what="解密唱标进度" done={done} total={bids.length} unit="个" leaving="离开本页不影响开标，回来后从断开处继续。" />
  )
}

/** The opening record as it forms, in everybody's sight, until it is published. */
export function RecordForming({ hall }: { hall: Hall }) {
  if (hall.bids.length === 0 || hall.record || hall.phase === 'intermission') return null
  const lost = hall.bids.filter(bid => !['decrypted', 'locked', 'unopened'].includes(bid.state))
  const left = hall.bids.filter(bid => bid.state === 'unopened')
  const spoken = hall.bids.filter(bid => bid.answer)
  const items = [
    { label: '截标时间', value: hall.closedAt ? formatInstant(new Date(hall.closedAt)) : '—' },
    { label: '计入投标', value: `${hall.counted ?? hall.bids.length} 个` },
    { label: hall.envelope === 1 ? '第一信封已开启' : '已唱标', value: nos(hall.bids.filter(bid => bid.state === 'decrypted')) },
    {
      label: '未能唱标',
      value: lost.length > 0 ? lost.map(bid => `${bid.no} 号（${bidStateText[bid.state]}）`).join('、') : '无',
    },
    ...(hall.envelope === 2 ? [{ label: '不予开启', value: nos(left) }] : []),
    {
      label: '对记录的意见',
      value: spoken.length > 0 ? spoken.map(bid => `${bid.no} 号${answerText[bid.answer!.answer]}`).join('、') : '尚无',
    },
    { label: '记录摘要', value: hall.recordHash ? <Hash value={hall.recordHash} /> : '唱标结束后固定' },
  ]
  return (
    <Section title={`${hall.envelope ? envelopeText[hall.envelope] : ''}开标记录（正在形成）`}>
      <KeyValues items={items} />
    </Section>
  )
}
