import { allowEnvelope, readOpening } from '../client/opening'
import type { Guest } from '../client/party'
import { type Act, demoPrefix, type Play } from './due'

interface Listed {
  id: string
  name: string
  edition: string
}

/** The state of a draw in which each of the two persons has something to do. */
const parts = { requested: '审核抽取', reviewed: '核准抽取' }

/** What the host of an opening asks for: a second envelope (双信封) is agreed to by the person who reviews. */
async function envelopeActs(supervisor: Guest, lotId: string): Promise<Act[]> {
  const { hall } = await readOpening(supervisor.api, lotId)
  const isAsked = hall.proposal?.act === 'second-envelope'
  return isAsked ? [{ what: '同意开启第二信封', run: () => allowEnvelope(supervisor, lotId) }] : []
}

const drawable = new Set(['bidding', 'closed', 'opening', 'opened'])

/** One person reviews the draws that an agency of the region has asked for in a rehearsal; another approves them. */
export const playSupervisor =
  (part: keyof typeof parts): Play<Guest> =>
  async (supervisor, { seen }) => {
    const { api } = supervisor
    const { projects } = await api.get<{ projects: Listed[] }>('/projects')
    const acts: Act[] = []
    for (const { id, name, edition } of projects.slice(0, 10)) {
      if (!edition.endsWith('-drill') || name.startsWith(demoPrefix) || seen.has(id)) continue
      const { lots } = await api.get<{ lots: { id: string; state: string }[] }>(`/projects/${id}`)
      if (lots.length > 0 && lots.every(lot => ['archived', 'failed', 'terminated'].includes(lot.state))) seen.set(id, true)
      if (part === 'requested')
        for (const lot of lots.filter(one => one.state === 'evaluating')) acts.push(...(await envelopeActs(supervisor, lot.id)))
      for (const lot of lots.filter(one => drawable.has(one.state))) {
        const { draws } = await api.get<{ draws: { id: string; drawId: string; state: string }[] }>(`/lots/${lot.id}/draws`)
        const asked = draws.find(draw => draw.state === part)
        if (asked) acts.push({ what: `${parts[part]} ${asked.drawId}`, run: () => api.post(`/draws/${asked.id}/approval`) })
      }
    }
    return acts
  }
