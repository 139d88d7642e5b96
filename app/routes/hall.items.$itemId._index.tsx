import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { readItem } from '~/hall/catalogue/catalogue.read.server'
import { ItemGuide } from '~/hall/catalogue/ItemGuide'
import { readItemRatings } from '~/hall/rating/rating.server'
import { starsText } from '~/hall/rating/rating.text'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LinkButton } from '~/ui/Button'
import { EmptyState } from '~/ui/EmptyState'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.item.name ?? '办事指南'} - 政务大厅` }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { itemId = '' }) => ({
    item: await readItem(ctx, itemId),
    ratings: await readItemRatings(ctx, itemId),
  }))

export default function HallItem() {
  const { item, ratings } = useLoaderData<typeof loader>()
  return (
    <Page title={item.name} back={paths.hall} meta={`${item.organisationName} · 承诺 ${item.promisedDays} 个工作日办结`}>
      {item.withdrawnAt ? (
        <Notice kind="warn">此版本已停止使用，请从目录进入现行版本。</Notice>
      ) : (
        <Actions pinned>
          <LinkButton to={paths.hallApplication(item.id)} look="primary">
            在线申请
          </LinkButton>
        </Actions>
      )}
      <ItemGuide item={item} />
      <Section title="群众评价">
        {ratings.length === 0 ? (
          <EmptyState title="尚无评价">办件办结后由申请人自愿评价，这里公布各档次的份数，不公布姓名。</EmptyState>
        ) : (
          <KeyValues items={ratings.map(r => ({ label: starsText[r.stars] ?? '', value: `${r.count} 份` }))} />
        )}
      </Section>
    </Page>
  )
}
