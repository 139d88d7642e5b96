// The draw of the committees and the experts behind it, reached through the sandbox's telephone exchange.
import { randomInt } from 'node:crypto'
import { requestDraw } from '../client/agency'
import { isProblem, until } from '../client/api'
import {
  acceptInvitation,
  arrive,
  declare,
  declineInvitation,
  type Expert,
  type Invitation,
  listMessages,
  readArrival,
  readInvitation,
} from '../client/expert'
import type { Cast } from './cast'
import type { DemoLot } from './prepare'
import type { Story } from './story'

export interface DemoDraw {
  id: string
  drawId: string
  lot: DemoLot
  /** Carries milliseconds of its own: by them the demo knows its invitations among others. */
  evaluationAt: Date
}

const size = 5
const seats = [
  { seat: '技术', disc: ['A08'], region: null, n: 3 },
  { seat: '经济', disc: ['B01'], region: null, n: 2 },
]

/** One person reviews, another approves; the demo's own actors may have been quicker. */
async function approve(cast: Cast, id: string): Promise<void> {
  for (const { api } of [cast.supervisor, cast.approver]) {
    await api.post(`/draws/${id}/approval`).catch((error: unknown) => {
      if (!isProblem(error) || !['wrong-state', 'two-person-rule'].includes(error.code)) throw error
    })
  }
}

/** Asked for while bidding still goes on; it begins by itself once the bids are known to the server. */
export async function requestDraws(story: Story, cast: Cast, lots: DemoLot[]): Promise<DemoDraw[]> {
  const draws: DemoDraw[] = []
  for (const [at, lot] of lots.entries()) {
    const evaluationAt = new Date(lot.biddingEndsAt.getTime() + 60_000 + at * 7_200_000 + randomInt(1, 1000))
    const avoid = [{ organisationName: cast.tenderer.name, creditCode: cast.tenderer.creditCode, reason: '招标人' }]
    const wanted = { size, seats, avoid, evaluationAt, place: '演示评标室', hours: 1, answerSeconds: 180, revealSeconds: 30 }
    const made = await requestDraw(cast.agency.api, lot.id, wanted)
    await approve(cast, made.id)
    story.say(`  ${lot.code} 申请抽取 ${size} 名专家（技术 3、经济 2），监督两人已审核、核准：${made.drawId}`)
    draws.push({ ...made, lot, evaluationAt })
  }
  return draws
}

interface Reached {
  experts: Expert[]
  declined: number
}

/** Answers the invitations of these draws; the first person reached declines, so that the vacancy rule is seen at work. */
async function answer(story: Story, cast: Cast, draws: DemoDraw[], invitation: Invitation, reached: Reached): Promise<void> {
  const draw = draws.find(one => one.evaluationAt.getTime() === Date.parse(invitation.at))
  if (!draw || invitation.state !== 'invited') return
  if (reached.declined === 0) {
    reached.declined++
    await declineInvitation(cast.url, invitation, '当日另有安排')
    return story.say(`  一名专家婉拒 ${draw.lot.code} 的邀请，由同一排序的下一名递补`)
  }
  const expert = await acceptInvitation(cast.url, invitation)
  reached.experts.push(expert)
  story.say(`  ${expert.name} 接受 ${draw.lot.code} 的评标邀请`)
}

/** Reaches everybody whom the draws seat, until both committees are complete. */
export async function seatCommittees(story: Story, cast: Cast, draws: DemoDraw[]): Promise<Expert[]> {
  const reached: Reached = { experts: [], declined: 0 }
  let after: string | null = null
  const wanted = draws.length * size
  await until({ what: `${wanted} experts to accept`, seconds: 240, everyMs: 300 }, async () => {
    for (const message of await listMessages(cast.exchange, after)) {
      const invitation = await readInvitation(cast.url, message)
      if (invitation) await answer(story, cast, draws, invitation, reached)
      after = message.id
    }
    return reached.experts.length >= wanted
  })
  return reached.experts
}

/** Arrival, then the declaration after seeing who bids. */
export async function takeSeats(story: Story, experts: Expert[]): Promise<void> {
  await Promise.all(
    experts.map(async expert => {
      await arrive(expert)
      await until({ what: 'the bidders to be public', seconds: 180 }, async () => (await readArrival(expert))?.bidders.length)
      await declare(expert, false)
    }),
  )
  story.say(`  ${experts.length} 名专家已报到并作回避声明`)
}
