import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { DrawFields } from '~/trading/draw/DrawFields'
import { DrawFacts, DrawSteps, DrawTag, PartyTable, SeatTable } from '~/trading/draw/DrawProgress'
import { readDrawPage } from '~/trading/draw/draw-page.read.server'
import { requestDraw } from '~/trading/draw/draw-request.server'
import { RepresentativeTable } from '~/trading/draw/RepresentativeTable'
import { drawForm } from '~/trading/draw/request.form.server'
import { LinkButton, Submit } from '~/ui/Button'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { Actions, Bullets, Section } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { PostForm } from '~/ui/PostForm'

export const meta: MetaFunction = () => [{ title: '抽取评标专家 - 公共资源交易平台' }]

export const loader = (args: LoaderFunctionArgs) => page(args, 'draw.request', (ctx, { lotId = '' }) => readDrawPage(ctx, lotId))

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'draw.request', drawForm, async (ctx, { lotId = '' }, input) => {
    await requestDraw(ctx, { lotId, input })
    return redirect(paths.agencyLotTask(lotId, 'draw'))
  })

export default function LotDraw() {
  const { lot, draw, evaluationAt, others, representatives } = useLoaderData<typeof loader>()
  const reply = useFormReply()
  const mayAsk = draw === null || draw.state === 'void' || draw.state === 'infeasible'
  return (
    <Page
      title="抽取评标专家"
      back={paths.agencyLot(lot.id)}
      backText={lot.name}
      meta={lot.code}
      tag={draw ? <DrawTag state={draw.state} /> : undefined}
    >
      <ErrorSummary reply={reply} />
      {draw ? (
        <>
          <DrawSteps draw={draw} />
          <Section title="席位">
            <SeatTable draw={draw} />
            <PartyTable draw={draw} />
          </Section>
          <Section title="抽取信息">
            <DrawFacts draw={draw} />
          </Section>
          {representatives.length > 0 ? (
            <Section title="招标人代表">
              <RepresentativeTable rows={representatives} to={id => paths.agencyRepresentative(draw.id, id)} />
            </Section>
          ) : null}
          {mayAsk ? null : (
            <Actions>
              <LinkButton to={paths.publicDraw(draw.id)}>公开页面</LinkButton>
              <LinkButton to={paths.drawScreen(draw.id)}>抽取大屏</LinkButton>
              <LinkButton to={paths.agencyDrawNames(draw.id)}>委员会名单</LinkButton>
              <LinkButton to={paths.agencyVoidDraw(draw.id)} look="danger">
                申请作废本次抽取
              </LinkButton>
            </Actions>
          )}
        </>
      ) : null}
      {mayAsk ? (
        <Section title="组建申请">
          <Bullets
            items={[
              '评标委员会为 5 人以上单数，专家不少于三分之二（《招标投标法》第三十七条）；水利工程和一千万元以上的政府采购为 7 人以上。',
              '监督部门两人审核、核准后，开标时由系统自动抽取，无人点击“抽取”，也无法重抽。',
              '同一单位最多一名专家；名单在评标结果确定前对任何人保密，包括您。',
            ]}
          />
          <PostForm>
            <DrawFields evaluationAt={evaluationAt} others={others} reply={reply} />
            <Actions pinned>
              <Submit>提交组建申请</Submit>
            </Actions>
          </PostForm>
        </Section>
      ) : null}
    </Page>
  )
}
