import { formatFen } from '~/shared/money'
import { formatInstant } from '~/shared/time'
import { ScreenHeader } from '~/ui/ScreenHeader'
import { HallPhases } from './HallPhases'
import type { HallBid, HallEvent } from './hall'
import { sentenceOf } from './hall.text'
import { wordOf } from './ReadOutTable'
import type { LiveHall } from './use-hall'

const latest = 6
/** What a hall full of people need not read: the committee's files being made ready. */
const isShown = ({ kind }: HallEvent) => kind !== 'unpacked'

function Line({ bid }: { bid: HallBid }) {
  return (
    <tr className="border-b border-rule">
      <td className="py-2 pe-4 text-end tabular-nums">{bid.no}</td>
      <th scope="row" className="py-2 pe-4 text-start font-semibold">
        {bid.organisation}
      </th>
      <td className="py-2 pe-4 text-end font-bold tabular-nums">{bid.read ? formatFen(BigInt(bid.read.priceFen)) : '—'}</td>
      <td className="py-2 pe-4 text-end tabular-nums">{bid.read?.durationDays ?? '—'}</td>
      <td className="py-2">{wordOf(bid)}</td>
    </tr>
  )
}

function Head() {
  return (
    <thead>
      <tr className="border-b-2 border-base-content text-start">
        <th scope="col" className="py-2 pe-4 text-end">
          序号
        </th>
        <th scope="col" className="py-2 text-start">
          投标人
        </th>
        <th scope="col" className="py-2 pe-4 text-end">
          投标报价（元）
        </th>
        <th scope="col" className="py-2 pe-4 text-end">
          工期（日）
        </th>
        <th scope="col" className="py-2 text-start">
          状态
        </th>
      </tr>
    </thead>
  )
}

const Table = ({ bids }: { bids: HallBid[] }) => (
  <table className="w-full text-2xl">
    <caption className="sr-only">开标一览表</caption>
    <Head />
    <tbody>
      {bids.map(bid => (
        <Line key={bid.no} bid={bid} />
      ))}
    </tbody>
  </table>
)

const before = (opensAt: Date | null) =>
  `开标时间 ${opensAt ? formatInstant(opensAt) : '待定'}，开标前任何人（包括平台）不可见投标内容。`

type HallScreenProps = LiveHall & { title: string; opensAt: Date | null }

/** The hall on a big screen: the same facts, large, dark, nothing to press. */
export function HallScreen({ title, hall, events, opensAt, connected }: HallScreenProps) {
  return (
    <main id="main" data-theme="screen" className="flex min-h-dvh flex-col gap-6 bg-base-100 p-8 text-xl text-base-content">
      <ScreenHeader title={title} connected={connected} />
      <HallPhases hall={hall} />
      {hall.phase === null ? <p className="text-3xl">{before(opensAt)}</p> : null}
      {hall.aborted ? <p className="text-3xl text-error">{hall.aborted}</p> : null}
      {hall.bids.length > 0 ? <Table bids={hall.bids} /> : null}
      <ol aria-label="开标过程" className="mt-auto">
        {events
          .filter(isShown)
          .slice(-latest)
          .map(event => (
            <li key={event.seq}>{sentenceOf(event)}</li>
          ))}
      </ol>
    </main>
  )
}
