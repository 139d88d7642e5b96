import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { readCustodianForm } from '~/trading/lot/agency-lot.read.server'
import { CustodianFields } from '~/trading/lot/CustodianFields'
import { custodiansForm } from '~/trading/lot/lot.form.server'
import { nameCustodians } from '~/trading/lot/lot.server'
import { Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '指定保管人 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'lot.write', (ctx, { lotId = '' }) => readCustodianForm(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'lot.write', custodiansForm, async (ctx, { lotId = '' }, input) => {
    await nameCustodians(ctx, { lotId, ...input })
    return redirect(paths.agencyLot(lotId))
  })

export default function Custodians() {
  const { lot, keepers, named } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  return (
    <Page title="指定保管人" back={paths.agencyLot(lot.id)} backText={lot.name} meta={`${lot.code} · 门限 ${lot.threshold}`}>
      <ErrorSummary reply={reply} />
      <Bullets
        items={[
          '每个保管人为本标段生成自己的密钥；开标后须有门限个保管人释放，投标才能解密。',
          '招标人和代理机构算同一利益方；任何一个利益方不得单独凑够门限，也不得单独使其余各方凑不够门限。',
          '平台运维方不得担任保管人。策略签署后不能再更换。',
        ]}
      />
      <PostForm>
        <CustodianFields keepers={keepers} named={named} reply={reply} />
        <Actions pinned>
          <Submit>指定保管人</Submit>
        </Actions>
      </PostForm>
    </Page>
  )
}
