import type { Ctx } from '~/platform/ctx'
import { authorise } from '~/platform/identity/authorise.server'
import type { ReleaseAnswer } from './release-check.server'
import { post, type ReleaseInput } from './release-post.server'
import { takeReleases } from './take-releases.server'

/**
 * Takes a signed release of key parts (tbid/release@1): each part is checked by itself, accepted or refused with its reason,
 * what can be opened with it is opened at once, and the prices in it are read out in the same transaction. The same message
 * again gets the same answer. Before the lot has closed it is refused, recorded and alarmed; after the window it is refused
 * (《电子招标投标办法》31). Messages that come together are taken together, whatever their lots.
 */
export async function releaseKeys(ctx: Ctx, input: ReleaseInput): Promise<ReleaseAnswer> {
  authorise(ctx.actor, 'opening.release')
  return post(ctx, input, takeReleases)
}
