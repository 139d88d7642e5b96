import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { nameOfRegion } from '~/platform/organisation/organisation.read.server'
import { formatFen } from '~/shared/money'
import { LotTag } from '~/trading/lot/LotTag'
import { ProjectFacts } from '~/trading/project/ProjectFacts'
import { readProject } from '~/trading/project/project.read.server'
import { ruleEdition } from '~/trading/rules/editions'
import { LinkButton } from '~/ui/Button'
import { DataTable } from '~/ui/DataTable'
import { EmptyState } from '~/ui/EmptyState'
import { Actions, Section, SubLine } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { When } from '~/ui/When'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.project.name ?? '项目'} - 公共资源交易平台` }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'lot.read', async (ctx, { projectId = '' }) => {
    const { project, lots } = await readProject(ctx, projectId)
    return { project, lots, region: nameOfRegion(project.regionCode), edition: ruleEdition(project.edition).name }
  })

export default function Project() {
  const { project, lots, region, edition } = useLoaderData<typeof loader>()
  return (
    <Page title={project.name} back={paths.projects} backText="项目与标段" meta={project.code}>
      <Section title="标段" aside={`共 ${lots.length} 个`}>
        <DataTable
          caption="标段"
          rows={lots}
          rowKey={lot => lot.id}
          empty={<EmptyState title="还没有标段">投标、开标、评标和归档都按标段办理；至少添加一个标段。</EmptyState>}
          columns={[
            {
              head: '标段',
              rowHead: true,
              first: true,
              cell: lot => (
                <>
                  <Link to={paths.agencyLot(lot.id)}>{lot.name}</Link>
                  <SubLine>{lot.code}</SubLine>
                </>
              ),
            },
            { head: '状态', cell: lot => <LotTag state={lot.state} /> },
            { head: '最高投标限价（元）', numeric: true, cell: lot => formatFen(lot.ceilingFen) },
            { head: '投标截止（开标）', cell: lot => (lot.biddingEndsAt ? <When at={lot.biddingEndsAt} /> : '未定') },
          ]}
        />
        <Actions>
          <LinkButton to={paths.newLot(project.id)} look={lots.length === 0 ? 'primary' : 'plain'}>
            添加标段
          </LinkButton>
        </Actions>
      </Section>
      <Section title="项目信息">
        <ProjectFacts project={project} region={region} edition={edition} />
      </Section>
    </Page>
  )
}
