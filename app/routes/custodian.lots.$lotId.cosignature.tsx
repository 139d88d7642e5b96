import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyTask } from '~/platform/identity/KeyTask'
import { callApi, signWithKey } from '~/platform/identity/key-client'
import { PolicyFacts } from '~/trading/custody/PolicyFacts'
import { readCosignPage } from '~/trading/custody/policy-page.read.server'
import { Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '会签密封策略 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'custody.act', (ctx, { lotId = '' }) => readCosignPage(ctx, lotId))

export default function Cosignature() {
  const { custody, policy } = useLoaderData<typeof loader>()
  const cosign = async (key: ChosenKey) => {
    const { cms } = await signWithKey(key, [policy.payload])
    await callApi(`/lots/${custody.lotId}/policy/cosignature`, { cms: cms[0] })
  }
  return (
    <Page title="会签密封策略" back={paths.custodianLot(custody.lotId)} backText={custody.lotName} meta={custody.lotCode}>
      <Section title="策略内容">
        <PolicyFacts policy={policy} />
      </Section>
      {custody.cosignedAt ? (
        <Notice kind="done">本机构已会签。</Notice>
      ) : (
        <KeyTask
          act="会签密封策略"
          hint="含本机构签名证书的 .p12"
          run={cosign}
          done="已会签。全部保管人会签后，代理机构即可发布招标公告。"
          consequences={[
            '会签即确认策略中的本标段公钥由本机构生成并保管。',
            '截标并经监督方见证签名之前，请勿向任何人释放密钥。',
          ]}
        />
      )}
    </Page>
  )
}
