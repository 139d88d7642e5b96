import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import type { EvaluationResult } from '~/trading/evaluation/evaluation'
import { MemberTable } from '~/trading/evaluation/MemberTable'
import { readProgress } from '~/trading/evaluation/progress.read.server'
import { ResultTable } from '~/trading/evaluation/ResultTable'
import { LinkButton } from '~/ui/Button'
import { Hash } from '~/ui/Hash'
import { Actions, Section } from '~/ui/layout'
import { Notice } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '评标进度 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'evaluation.read', (ctx, { lotId = '' }) => readProgress(ctx, lotId))

export default function EvaluationProgress() {
  const { lot, members, report, paperId } = useLoaderData<typeof loader>()
  return (
    <Page title={`评标：${lot.name}`} back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      <Section title="评标委员会">
        <MemberTable members={members} />
        <Notice>评委姓名在中标结果确定前保密（《招标投标法》第三十七条），此处只显示编号；评分在报告形成后才可见。</Notice>
      </Section>
      {report ? (
        <Section title="评审结果">
          <ResultTable result={report.result as EvaluationResult} />
          <Hash value={report.hash} label="报告内容摘要" />
          {paperId ? (
            <Actions>
              <LinkButton to={paths.paper(paperId)} download>
                下载评标报告
              </LinkButton>
            </Actions>
          ) : (
            <Notice>等待全体评委签署报告。</Notice>
          )}
        </Section>
      ) : null}
    </Page>
  )
}
