import type { ReactNode } from 'react'
import type { OpeningPhase } from '@/db/schema/trading/opening'
import { Countdown } from '~/ui/Countdown'
import { ConnectionState } from '~/ui/LiveRegion'
import { Figures, Section, Stack } from '~/ui/layout'
import { Notice, SealedNotice } from '~/ui/Notice'
import { Proof } from '~/ui/Proof'
import { EventList } from '~/ui/Timeline'
import { HallPhases } from './HallPhases'
import type { Hall, HallEvent } from './hall'
import { sentenceOf } from './hall.text'
import { envelopeText } from './opening.text'
import { ReadOutTable } from './ReadOutTable'
import { ReadOutProgress, RecordForming } from './RecordForming'
import { SpeechBar } from './SpeechBar'

const limitText: Partial<Record<OpeningPhase, string>> = {
  releasing: '密钥释放截止',
  objecting: '提出异议截止',
  confirming: '确认记录截止',
  signing: '签署记录截止',
}

const newestFirst = 60

/** The events of a hall, newest first. */
export function HallEvents({ events }: { events: HallEvent[] }) {
  const entries = events
    .slice(-newestFirst)
    .reverse()
    .map(event => ({ key: String(event.seq), at: new Date(event.at), text: sentenceOf(event) }))
  return <EventList entries={entries} label="开标过程" />
}

function CloseProof({ lotId }: { lotId: string }) {
  return (
    <Proof
      proves="截标时本标段全部投标记录（计入、被替换、已撤回）已登记在平台日志，之后不能增减或替换。"
      by="平台日志签名与监督方见证签名"
      check="下载证明，用 npm run verify 与信任锚文件离线核验；投标人可核对回执中的记录是否在列。"
      download={{ href: `/api/v1/lots/${lotId}/close`, name: 'lot-close.json' }}
    />
  )
}

const Intermission = ({ calledAt }: Pick<Hall, 'calledAt'>) => (
  <Notice title="第一信封已开启，第二信封（报价）保持密封">
    待评标委员会评审第一信封后，只开启通过评审的投标人的第二信封；未通过的不予开启，原封退还。
    {calledAt ? <Countdown label="开启第二信封" until={new Date(calledAt)} passed="时间已到，正在开启第二信封" /> : null}
  </Notice>
)

function Now({ hall, opensAt }: { hall: Hall; opensAt: Date | null }) {
  if (hall.phase === null) {
    return (
      <>
        {opensAt ? <Countdown label="投标截止，即开标" until={opensAt} passed="时间已到，正在截标" /> : null}
        <SealedNotice>投标人数、名称和投标内容：开标前任何人（包括平台）不可见。到时由系统自动开标，无需人工操作。</SealedNotice>
      </>
    )
  }
  if (hall.aborted) {
    return (
      <Notice kind="bad" title="开标已终止">
        {hall.aborted}
      </Notice>
    )
  }
  if (hall.adjourned) {
    const { reason, by, resumesAt } = hall.adjourned
    return (
      <Notice kind="warn" title="开标已中止，各项时限停止计算">
        {by}：{reason}
        {resumesAt ? <Countdown label="定于复会" until={new Date(resumesAt)} passed="复会时间已到，等待主持人继续" /> : null}
      </Notice>
    )
  }
  if (hall.phase === 'intermission') return <Intermission calledAt={hall.calledAt} />
  if (hall.phase === 'releasing' && !hall.releaseBasis)
    return <Notice title="等待见证">截标登记正在取得监督方的见证签名，随后即可释放密钥。</Notice>
  const label = limitText[hall.phase]
  return label && hall.endsAt ? <Countdown label={label} until={new Date(hall.endsAt)} /> : null
}

const figures = ({ counted, bids, custodians, envelope }: Hall) => [
  { label: '计入投标', value: counted ?? '—', unit: '个' },
  { label: envelope === 1 ? '第一信封已开启' : '已唱标', value: bids.filter(b => b.state === 'decrypted').length, unit: '个' },
  { label: '已释放保管人', value: custodians.length, unit: '个' },
]

type HallRoomProps = {
  lotId: string
  hall: Hall
  events: HallEvent[]
  connected: boolean | null
  opensAt: Date | null
  children?: ReactNode
  /** Who is there and what they say: after what is read out. */
  people?: ReactNode
}

/** The opening hall as everybody sees it; `children` is what this seat may do now. */
export function HallRoom({ lotId, hall, events, connected, opensAt, children, people }: HallRoomProps) {
  return (
    <Stack>
      <HallPhases hall={hall} />
      <ConnectionState connected={connected} />
      <SpeechBar events={events} />
      {hall.phase ? <Figures items={figures(hall)} /> : null}
      <Now hall={hall} opensAt={opensAt} />
      {children}
      {hall.phase && !(hall.phase === 'aborted' && hall.bids.length === 0) ? (
        <Section title={hall.envelope ? `唱标：${envelopeText[hall.envelope]}` : '唱标'}>
          <ReadOutProgress hall={hall} />
          <ReadOutTable bids={hall.bids} envelope={hall.envelope} />
        </Section>
      ) : null}
      <RecordForming hall={hall} />
      {people}
      {events.length > 0 ? (
        <Section title="开标过程">
          <HallEvents events={events} />
        </Section>
      ) : null}
      {hall.releaseBasis ? <CloseProof lotId={lotId} /> : null}
    </Stack>
  )
}
