import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { LotTag } from '~/trading/lot/LotTag'
import { listLots, listProjects } from '~/trading/project/project.read.server'
import { tradeKindText, tradeMethodText } from '~/trading/rules/rules.text'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Actions, Section, SubLine } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction = () => [{ title: '项目与标段 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'desk.agency', async ctx => ({ projects: await listProjects(ctx), lots: await listLots(ctx) }))

export default function Projects() {
  const { projects, lots } = useLoaderData<typeof loader>()
  return (
    <Page title="项目与标段">
      <Actions>
        <LinkButton to={paths.newProject} look="primary">
          建立招标项目
        </LinkButton>
      </Actions>
      <Section title="标段" aside={`共 ${lots.length} 个`}>
        <DataTable
          caption="标段"
          rows={lots}
          rowKey={({ lot }) => lot.id}
          empty={<EmptyState title="还没有标段">先建立招标项目，再在项目中添加标段。</EmptyState>}
          columns={[
            {
              head: '标段',
              rowHead: true,
              first: true,
              cell: ({ lot, project }) => (
                <>
                  <Link to={paths.agencyLot(lot.id)}>{lot.name}</Link>
                  <SubLine>
                    {lot.code} · {project.name}
                  </SubLine>
                </>
              ),
            },
            { head: '状态', cell: ({ lot }) => <LotTag state={lot.state} /> },
            { head: '投标截止（开标）', cell: ({ lot }) => (lot.biddingEndsAt ? <When at={lot.biddingEndsAt} /> : '未定') },
          ]}
        />
      </Section>
      <Section title="招标项目" aside={`共 ${projects.length} 个`}>
        <DataTable
          caption="招标项目"
          rows={projects}
          rowKey={project => project.id}
          empty={<EmptyState title="还没有招标项目">建立后列在这里。</EmptyState>}
          columns={[
            {
              head: '项目',
              rowHead: true,
              first: true,
              cell: project => (
                <>
                  <Link to={paths.project(project.id)}>{project.name}</Link>
                  <SubLine>{project.code}</SubLine>
                </>
              ),
            },
            { head: '类别', cell: p => tradeKindText[p.kind as keyof typeof tradeKindText] },
            { head: '方式', cell: p => tradeMethodText[p.method as keyof typeof tradeMethodText] },
            { head: '招标人', cell: p => p.tendererName },
            { head: '建立时间', cell: p => <When at={p.createdAt} /> },
          ]}
        />
      </Section>
    </Page>
  )
}
