import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { backTo, rememberSize } from '~/http/preferences.server'

/** Switches the text size and goes back; there is nothing to see at this address. */
export const loader = () => redirect('/')

export const action = async ({ request }: ActionFunctionArgs) => {
  const size = (await request.formData()).get('size') === 'elder' ? 'elder' : 'standard'
  return redirect(backTo(request), { headers: { 'set-cookie': await rememberSize(size) } })
}
