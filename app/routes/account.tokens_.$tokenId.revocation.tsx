import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { noFields, tokenIdForm } from '~/platform/identity/identity.form.server'
import { revokeToken } from '~/platform/identity/token.server'

export const loader = () => redirect(paths.tokens)

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'token.manage', noFields, async (ctx, params) => {
    await revokeToken(ctx, tokenIdForm.parse(params))
    return redirect(paths.tokens)
  })
