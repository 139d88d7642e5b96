import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { dueText } from '~/trading/custody/custody.text'
import { PolicyFacts } from '~/trading/custody/PolicyFacts'
import { readCustodyPage } from '~/trading/custody/policy-page.read.server'
import { LotTag } from '~/trading/lot/LotTag'
import { LinkButton } from '~/ui/Button'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '保管的标段 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'custody.act', (ctx, { lotId = '' }) => readCustodyPage(ctx, lotId))

export default function CustodianLot() {
  const { custody, policy } = useLoaderData<typeof loader>()
  const { due, lotId } = custody
  const task =
    due === 'key' ? paths.custodianTask(lotId, 'key') : due === 'cosign' ? paths.custodianTask(lotId, 'cosignature') : null
  return (
    <Page title={custody.lotName} back="/custodian" backText="待办" tag={<LotTag state={custody.state} />} meta={custody.lotCode}>
      {due ? <Notice title="待办">{dueText[due]}</Notice> : <Notice kind="done">目前无需办理。</Notice>}
      <Actions>
        {due && task ? (
          <LinkButton to={task} look="primary">
            {dueText[due]}
          </LinkButton>
        ) : null}
        <LinkButton to={paths.openingHall(lotId)} look={due === 'release' ? 'primary' : 'plain'}>
          进入开标大厅
        </LinkButton>
      </Actions>
      <Section title="我的密钥">
        <KeyValues
          items={[
            { label: '项目', value: custody.projectName },
            { label: '序号', value: `第 ${custody.idx + 1} 名保管人` },
            { label: '登记密钥', value: custody.keyedAt ? <When at={custody.keyedAt} seconds /> : '未登记' },
            { label: '会签策略', value: custody.cosignedAt ? <When at={custody.cosignedAt} seconds /> : '未会签' },
            { label: '投标截止', value: custody.biddingEndsAt ? <When at={custody.biddingEndsAt} seconds /> : '未定' },
          ]}
        />
      </Section>
      {policy ? (
        <Section title="密封策略">
          <PolicyFacts policy={policy} />
        </Section>
      ) : null}
    </Page>
  )
}
