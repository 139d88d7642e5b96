import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { endedSessionHeader } from '~/http/session-cookie.server'
import { endSession } from '~/platform/identity/session.server'

/** Ends the session and goes home; there is nothing to see at this address. */
export const loader = () => redirect('/')

export const action = async ({ request, context }: ActionFunctionArgs) => {
  const ctx = await context.ctx()
  if (context.sessionToken && ctx.actor.kind === 'person') await endSession(ctx, { token: context.sessionToken })
  return redirect('/', { headers: { 'set-cookie': endedSessionHeader({ request, context }) } })
}
