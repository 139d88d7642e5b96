import { Link } from '@remix-run/react'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import { LotTag } from '../lot/LotTag'
import { tradeKindText } from '../rules/rules.text'
import { noticeKindText } from './notice.text'
import type { NoticeItem } from './portal.read.server'

type NoticeTableProps = {
  items: NoticeItem[]
  href: (id: string) => string
  regionOf?: (code: string) => string
  short?: boolean
}

function Title({ item, href }: { item: NoticeItem; href: NoticeTableProps['href'] }) {
  return (
    <>
      <Link to={href(item.id)}>{item.title}</Link>
      {item.isDrill ? <span className="ms-2 text-warning">演练</span> : null}
      <span className="block text-quiet">
        {item.projectName} · {item.lotName}（{item.lotCode}）
      </span>
    </>
  )
}

/** Notices of the portal, newest first. */
export function NoticeTable({ items, href, regionOf = code => code, short = false }: NoticeTableProps) {
  const wide = [
    { head: '类别', cell: (i: NoticeItem) => tradeKindText[i.tradeKind as keyof typeof tradeKindText] },
    { head: '地区', cell: (i: NoticeItem) => regionOf(i.regionCode) },
  ]
  return (
    <DataTable
      caption={short ? '本标段的公告' : '公告列表'}
      rows={items}
      rowKey={i => i.id}
      empty={
        short ? (
          <EmptyState title="还没有公告">发布后列在这里，不能撤销，只能变更。</EmptyState>
        ) : (
          <EmptyState title="没有符合条件的公告">可减少关键词或清除筛选条件；新公告发布后即时出现在这里。</EmptyState>
        )
      }
      columns={[
        { head: '公告', rowHead: true, first: true, cell: i => <Title item={i} href={href} /> },
        { head: '环节', cell: i => <Tag>{noticeKindText[i.kind]}</Tag> },
        ...(short ? [] : wide),
        { head: '发布时间', cell: i => <When at={i.publishedAt} /> },
        { head: '投标截止（开标）', cell: i => (i.biddingEndsAt ? <When at={i.biddingEndsAt} /> : '—') },
        { head: '标段状态', cell: i => <LotTag state={i.lotState} /> },
      ]}
    />
  )
}
