import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import type { ChosenKey } from '~/platform/identity/chosen-key'
import { KeyTask } from '~/platform/identity/KeyTask'
import { callApi, signWithKey } from '~/platform/identity/key-client'
import { PolicyFacts } from '~/trading/custody/PolicyFacts'
import { readPolicyPage } from '~/trading/custody/policy-page.read.server'
import { EmptyState } from '~/ui/EmptyState'
import { Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '密封策略 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'policy.sign', (ctx, { lotId = '' }) => readPolicyPage(ctx, lotId))

export default function Policy() {
  const { lot, policy, missing, isSigned, isComplete } = useLoaderData<typeof loader>()
  const sign = async (key: ChosenKey) => {
    if (!policy) return
    const { cms } = await signWithKey(key, [policy.payload])
    await callApi(`/lots/${lot.id}/policy`, { payload: policy.payload, cms: cms[0] })
  }
  return (
    <Page title="密封策略" back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      {policy ? (
        <Section title="策略内容">
          <PolicyFacts policy={policy} />
        </Section>
      ) : (
        <EmptyState title="密封策略尚不能生成">
          {missing > 0 ? `还有 ${missing} 名保管人没有登记本标段密钥。` : '请先指定保管人。'}
        </EmptyState>
      )}
      {isComplete ? <Notice kind="done">各方已签署，可以发布招标公告。</Notice> : null}
      {isSigned && !isComplete ? <Notice title="待会签">代理机构已签署，等待各保管人会签。</Notice> : null}
      {policy && !isSigned && lot.state === 'keying' ? (
        <KeyTask
          act="签署密封策略"
          hint="含本机构签名证书的 .p12"
          run={sign}
          done="已签署。各保管人会签后即可发布招标公告。"
          consequences={['签署后不能再更换保管人、门限和解密方式。', '投标文件都按本策略密封；策略摘要写入每份密封文件。']}
        />
      ) : null}
    </Page>
  )
}
