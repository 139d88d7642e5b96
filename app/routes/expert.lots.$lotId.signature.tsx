import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { page } from '~/http/page.server'
import { paths } from '~/http/paths'
import { answerText } from '~/trading/evaluation/evaluation.text'
import { MemberTable } from '~/trading/evaluation/MemberTable'
import { ReportView } from '~/trading/evaluation/ReportView'
import { parseReport } from '~/trading/evaluation/report-content'
import { SignReport } from '~/trading/evaluation/SignReport'
import { readSigning } from '~/trading/evaluation/signing.read.server'
import { Section } from '~/ui/layout'
import { Alert } from '~/ui/Notice'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '签署评标报告 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'evaluation.act', (ctx, { lotId = '' }) => readSigning(ctx, lotId))

export default function Signature() {
  const { lot, scoring, members, code, answer, reportText, scope, isSandbox } = useLoaderData<typeof loader>()
  return (
    <Page title="签署评标报告" back={paths.expertEvaluation(lot.id)} backText="评标" meta={`${lot.name} · ${lot.code}`}>
      {answer ? (
        <Alert kind="done" title={`您已表态：${answerText[answer]}`}>
          全体评委表态后，系统生成并签章评标报告。
        </Alert>
      ) : null}
      <ReportView report={parseReport(reportText)} scoring={scoring} />
      <Section title="签署情况">
        <MemberTable members={members} />
      </Section>
      <SignReport scope={scope} reportText={reportText} isSandbox={isSandbox} code={code} answered={answer !== null} />
    </Page>
  )
}
