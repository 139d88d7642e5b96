import type { ReactNode } from 'react'
import { roleText } from '~/platform/identity/identity.text'
import { Remaining } from '~/ui/Countdown'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { KeyValues } from '~/ui/KeyValues'
import { Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Tag } from '~/ui/Tag'
import { When } from '~/ui/When'
import type { DeskRead, LotAtHand } from './lot.desk.server'
import { lotNextText, lotStateText } from './lot.text'

type DeskHomeProps = {
  title: string
  desk: DeskRead
  /** What is due, made by the area that knows; stands before everything else. */
  children?: ReactNode
  /** Says what will appear among the lots, and when. */
  empty: string
  /** Address of a lot's own page at this desk. */
  lotPath?: (lot: LotAtHand) => string
  hideLots?: boolean
}

/** A desk: what needs doing now, the lots at hand by time left, and who one is here. */
export function DeskHome({ title, desk, children, empty, lotPath, hideLots = false }: DeskHomeProps) {
  return (
    <Page title={title} meta={`${desk.organisationName} · ${roleText[desk.role]}`}>
      {children}
      {hideLots ? null : <LotsAtHand lots={desk.lots} empty={empty} lotPath={lotPath} />}
      <Section title="本次身份">
        <KeyValues
          items={[
            { label: '姓名', value: desk.name },
            { label: '机构', value: desk.organisationName, change: '/account/memberships' },
            { label: '角色', value: roleText[desk.role] },
          ]}
        />
      </Section>
    </Page>
  )
}

function LotsAtHand({ lots, empty, lotPath }: { lots: LotAtHand[]; empty: string; lotPath: DeskHomeProps['lotPath'] }) {
  return (
    <Section title="进行中的标段" aside={lots.length > 0 ? `${lots.length} 个，剩余时间少的在前` : undefined}>
      <DataTable
        caption="进行中的标段"
        rows={lots}
        rowKey={lot => lot.id}
        empty={<EmptyState title="目前没有进行中的标段">{empty}</EmptyState>}
        columns={[
          {
            head: '标段',
            rowHead: true,
            first: true,
            cell: lot => (
              <>
                {lotPath ? <a href={lotPath(lot)}>{lot.name}</a> : lot.name}
                <span className="block text-quiet">{lot.code}</span>
              </>
            ),
          },
          { head: '状态', cell: lot => <Tag tone="active">{lotStateText[lot.state]}</Tag> },
          { head: '投标截止（开标）', cell: lot => <Limit lot={lot} /> },
          { head: '下一步', cell: lot => lotNextText[lot.state] },
        ]}
      />
    </Section>
  )
}

function Limit({ lot }: { lot: LotAtHand }) {
  if (!lot.biddingEndsAt) return <>尚未确定</>
  return (
    <>
      <When at={lot.biddingEndsAt} />
      <span className="block text-quiet">
        <Remaining until={lot.biddingEndsAt} />
      </span>
    </>
  )
}
