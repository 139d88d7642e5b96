import type { Made } from '../client/agency'
import type { Expert } from '../client/expert'
import type { DemoBid } from './bidding'
import type { Cast } from './cast'
import type { DemoDraw } from './committee'
import type { DemoLot } from './prepare'
import type { Story } from './story'

export interface Tender {
  story: Story
  cast: Cast
  project: Made
  lots: DemoLot[]
  draws: DemoDraw[]
  bids: DemoBid[]
  experts: Expert[]
  out: string
}

/** From the evaluation to the archive; every paper fetched and checked by `npm run verify`. */
export async function finish({ story }: Tender): Promise<void> {
  story.say('…')
}
