import type { ReactNode } from 'react'
import { formatFen } from '~/shared/money'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Tag, type Tone } from '~/ui/Tag'
import { When } from '~/ui/When'
import { roleTextOf } from '../bid/bid.text'
import type { Hall, HallBid } from './hall'
import { answerText, bidStateText, failureText, faultText, flagText } from './opening.text'

const toneOf = ({ state, isUnlocked, hasReleased }: HallBid): Tone => {
  if (state === 'decrypted') return 'done'
  if (state === 'unopened') return 'quiet'
  if (state === 'locked') return isUnlocked || hasReleased ? 'active' : 'quiet'
  return 'bad'
}

/** How far a bid has come, in a word. */
export function wordOf({ state, isUnlocked, hasReleased, read, contents }: HallBid): string {
  if (state === 'decrypted' && contents && !read) return '第一信封已开启'
  if (state !== 'locked') return bidStateText[state]
  if (isUnlocked) return '已解密，正在唱标'
  return hasReleased ? '投标人已释放密钥' : bidStateText[state]
}

function State({ bid }: { bid: HallBid }) {
  return (
    <>
      <Tag tone={toneOf(bid)}>{wordOf(bid)}</Tag>
      {bid.failure ? (
        <p>
          {failureText[bid.failure.failure]}（{faultText[bid.failure.fault]}，{bid.failure.article}）
        </p>
      ) : null}
      {bid.read?.flags.map(flag => (
        <p key={flag} className="text-warning">
          {flagText[flag]}
        </p>
      ))}
    </>
  )
}

const price = ({ read }: HallBid): ReactNode =>
  read ? (
    <>
      <strong>{formatFen(BigInt(read.priceFen))}</strong>
      <span className="block text-[0.9375rem]">{read.priceWords}</span>
    </>
  ) : (
    '—'
  )

function Answer({ bid: { answer, reply } }: { bid: HallBid }) {
  if (!answer) return '—'
  return (
    <>
      <strong>{answerText[answer.answer]}</strong>
      {answer.text ? <p>{answer.text}</p> : null}
      {reply ? <p className="text-quiet">主持人答复：{reply}</p> : null}
    </>
  )
}

const prices = [
  { head: '投标报价（元）', cell: price, numeric: true, first: true },
  { head: '工期（日）', cell: (b: HallBid) => b.read?.durationDays ?? '—', numeric: true },
  { head: '质量', cell: (b: HallBid) => b.read?.quality ?? '—' },
  { head: '项目经理', cell: (b: HallBid) => b.read?.manager ?? '—' },
]

/** The first of two envelopes (双信封) holds no price. */
const contents = [
  { head: '第一信封', cell: (b: HallBid) => b.contents?.map(roleTextOf).join('、') ?? '—' },
  { head: '第二信封', cell: () => '报价：密封，未开启' },
]

type ReadOutProps = { bids: HallBid[]; envelope?: Hall['envelope']; answers?: boolean }

/** The table that fills while bids are opened (开标一览表). */
export function ReadOutTable({ bids, envelope = null, answers = true }: ReadOutProps) {
  const columns = [
    { head: '投标人', cell: (b: HallBid) => b.organisation, rowHead: true },
    { head: '序号', cell: (b: HallBid) => b.no, numeric: true },
    ...(envelope === 1 ? contents : prices),
    { head: '密封与解密', cell: (b: HallBid) => <State bid={b} /> },
    { head: '递交时间', cell: (b: HallBid) => <When at={new Date(b.committedAt)} seconds /> },
  ]
  const shown = answers ? [...columns, { head: '对记录的意见', cell: (b: HallBid) => <Answer bid={b} /> }] : columns
  return (
    <DataTable
      caption="开标一览表"
      rows={bids}
      columns={shown}
      rowKey={b => String(b.no)}
      empty={<EmptyState title="还没有投标人名单">截标后核对人数，三家以上的在此公布名单并逐一唱标。</EmptyState>}
    />
  )
}
