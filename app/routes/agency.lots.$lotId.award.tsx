import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { AwardTask } from '~/trading/award/AwardTask'
import { awardForm } from '~/trading/award/award.form.server'
import { readAwarding } from '~/trading/award/award.read.server'
import { decideAward } from '~/trading/award/award.server'
import { publishCandidates } from '~/trading/award/candidates.server'
import { ResultTable } from '~/trading/evaluation/ResultTable'
import { Section } from '~/ui/layout'
import { Page } from '~/ui/Page'

export const meta: MetaFunction = () => [{ title: '候选人公示与定标 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'award.write', (ctx, { lotId = '' }) => readAwarding(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'award.write', awardForm, async (ctx, { lotId = '' }, { bidId, reason }) => {
    if (bidId) await decideAward(ctx, { lotId, bidId, reason })
    else await publishCandidates(ctx, { lotId })
    return redirect(paths.agencyLot(lotId))
  })

export default function Awarding() {
  const awarding = useLoaderData<typeof loader>()
  const { lot } = awarding
  const reply = useFormReply()
  return (
    <Page title="候选人公示与定标" back={paths.agencyLot(lot.id)} backText={lot.name} meta={lot.code}>
      <AwardTask awarding={awarding} reply={reply} />
      <Section title="评审结果">
        <ResultTable result={awarding.result} />
      </Section>
    </Page>
  )
}
