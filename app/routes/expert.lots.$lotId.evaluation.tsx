import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { formatFen } from '~/shared/money'
import { readEvaluation } from '~/trading/evaluation/evaluation.read.server'
import { MemberTable } from '~/trading/evaluation/MemberTable'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'
import { Tag } from '~/ui/Tag'

export const meta: MetaFunction = () => [{ title: '评标 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'evaluation.act', (ctx, { lotId = '' }) => readEvaluation(ctx, lotId))

export default function Evaluation() {
  const { lot, scoring, me, members, bids, compliance, scores, report } = useLoaderData<typeof loader>()
  const own = members.find(member => member.expertId === me)
  const open = (bidId: string) =>
    scoring.compliance.length -
    compliance.filter(mark => mark.bidId === bidId).length +
    (compliance.some(mark => mark.bidId === bidId && !mark.pass)
      ? 0
      : scoring.items.length - scores.filter(mark => mark.bidId === bidId).length)
  return (
    <Page title={`评标：${lot.name}`} back={paths.expertLots} backText="我的评标" meta={lot.code}>
      <Notice>评审意见和打分只有您本人可见，提交后锁定；评委之间不得讨论主观分（财政部令第87号第六十二条）。</Notice>
      <Section title="投标文件和我的评审表">
        <DataTable
          caption="参加评审的投标"
          rows={bids}
          rowKey={bid => bid.id}
          columns={[
            {
              head: '投标人',
              cell: bid => <Link to={paths.expertSheet(lot.id, bid.id)}>{bid.name}</Link>,
              rowHead: true,
              first: true,
            },
            {
              head: '投标报价（元）',
              cell: bid => (bid.priceFen === null ? '第二信封，未开启' : formatFen(bid.priceFen)),
              numeric: true,
            },
            { head: '文件', cell: bid => `${bid.files.length} 个` },
            {
              head: '我的评审',
              cell: bid =>
                open(bid.id) > 0 ? <Tag tone="active">{`还有 ${open(bid.id)} 项`}</Tag> : <Tag tone="done">已填完</Tag>,
            },
          ]}
        />
        <Actions pinned>
          {own?.lockedAt ? null : (
            <LinkButton to={paths.expertLotTask(lot.id, 'submission')} look="primary">
              提交评审表
            </LinkButton>
          )}
          {report && !own?.answer ? (
            <LinkButton to={paths.expertLotTask(lot.id, 'signature')} look="primary">
              签署评标报告
            </LinkButton>
          ) : null}
        </Actions>
      </Section>
      <Section title="进度">
        <MemberTable members={members} />
      </Section>
    </Page>
  )
}
