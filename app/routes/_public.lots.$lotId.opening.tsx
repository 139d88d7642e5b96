import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData, useRevalidator } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { findLot } from '~/trading/lot/find-lot.server'
import { ActPanel, DecisionPanel } from '~/trading/opening/ActPanel'
import { AnswerPanel } from '~/trading/opening/AnswerPanel'
import { actInHall } from '~/trading/opening/act-in-hall.server'
import { hallForm } from '~/trading/opening/acts.form.server'
import { readOwnSignIn } from '~/trading/opening/attendance.server'
import { HallPeople, Refresh } from '~/trading/opening/HallPeople'
import { HallRoom } from '~/trading/opening/HallRoom'
import { HolderPanel } from '~/trading/opening/HolderPanel'
import { HostPanel, SupervisorPanel } from '~/trading/opening/HostPanel'
import type { Hall } from '~/trading/opening/hall'
import { openingPhaseText } from '~/trading/opening/opening.text'
import { listAllEvents, readPublicOpening } from '~/trading/opening/read.server'
import { maySignRecord } from '~/trading/opening/record-signers.server'
import { DrawnParameters, Signers, SignRecordPanel } from '~/trading/opening/SignRecordPanel'
import { readSeat } from '~/trading/opening/seat.read.server'
import { useHall } from '~/trading/opening/use-hall'
import { LinkButton } from '~/ui/Button'
import { Actions } from '~/ui/layout'
import { Page } from '~/ui/Page'
import { Tag } from '~/ui/Tag'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `开标大厅 ${data?.opening.lotName ?? ''} - 公共资源交易平台` },
]

export const loader = (args: LoaderFunctionArgs) =>
  page(args, 'portal.read', async (ctx, { lotId = '' }) => {
    const opening = await readPublicOpening(ctx, lotId)
    return {
      opening,
      events: opening.closedAt ? await listAllEvents(ctx, lotId) : [],
      seat: await readSeat(ctx, lotId),
      maySign: await maySignRecord(ctx, lotId),
      signIn: await readOwnSignIn(ctx, await findLot(ctx, lotId)),
    }
  })

export const action = (args: ActionFunctionArgs) =>
  submit(args, 'me.read', hallForm, async (ctx, { lotId = '' }, input) => {
    await actInHall(ctx, lotId, input)
    return redirect(paths.openingHall(lotId))
  })

type Loaded = Awaited<ReturnType<typeof useLoaderData<typeof loader>>>

/** What this seat may do now. */
function SeatPanel({ seat, opening, hall, onDone }: Pick<Loaded, 'seat' | 'opening'> & { hall: Hall; onDone: () => void }) {
  const reply = useFormReply()
  if (seat.role === 'host' || seat.role === 'supervisor')
    return (
      <>
        {seat.role === 'host' ? <HostPanel seat={seat} reply={reply} /> : <SupervisorPanel seat={seat} reply={reply} />}
        {seat.role === 'supervisor' ? <DecisionPanel hall={hall} reply={reply} /> : null}
        <ActPanel hall={hall} isHost={seat.role === 'host'} reply={reply} />
      </>
    )
  if (seat.role === 'public') return null
  if (seat.role === 'bidder' && seat.answer) return <AnswerPanel scope={seat.answer} onDone={onDone} />
  return <HolderPanel seat={seat} lotId={opening.lotId} lotName={opening.lotName} hall={hall} onDone={onDone} />
}

/** Where one goes from the hall: its records, their notice, the big screen. */
function Onward({ lotId, record, first }: { lotId: string; record: Hall['record']; first: Hall['firstRecord'] }) {
  return (
    <Actions>
      {first ? (
        <LinkButton to={paths.paper(first.paperId)} look={record ? 'plain' : 'primary'} download>
          下载第一信封开标记录（PDF，已签章）
        </LinkButton>
      ) : null}
      {record ? (
        <LinkButton to={paths.paper(record.paperId)} look="primary" download>
          下载{first ? '第二信封' : ''}开标记录（PDF，已签章）
        </LinkButton>
      ) : null}
      {record ? <LinkButton to={paths.notice(record.noticeId)}>查看开标记录公告</LinkButton> : null}
      <LinkButton to={paths.openingScreen(lotId)}>大屏显示</LinkButton>
    </Actions>
  )
}

export default function OpeningHall() {
  const { opening, events, seat, maySign, signIn } = useLoaderData<typeof loader>()
  const { revalidate } = useRevalidator()
  const live = useHall(opening.lotId, { hall: opening.hall, events }, revalidate, seat.role === 'host')
  const { phase, record } = live.hall
  const people = <HallPeople hall={live.hall} seat={seat} signIn={signIn} reply={useFormReply()} />
  const isOver = phase === 'recorded' || phase === 'aborted'
  return (
    <Page
      title="开标大厅"
      back={paths.publicLot(opening.lotId)}
      backText={opening.lotName}
      tag={<Tag tone={isOver ? 'done' : 'active'}>{phase ? openingPhaseText[phase] : '未开标'}</Tag>}
      meta={`${opening.lotName} · ${opening.lotCode} · ${opening.projectName}`}
    >
      {isOver ? null : <Refresh mayType={seat.role !== 'public' || signIn !== null} />}
      <HallRoom {...live} lotId={opening.lotId} opensAt={opening.biddingEndsAt} people={people}>
        {maySign ? <SignRecordPanel key={live.hall.envelope} lotId={opening.lotId} onDone={revalidate} /> : null}
        <SeatPanel seat={seat} opening={opening} hall={live.hall} onDone={revalidate} />
        <DrawnParameters lotId={opening.lotId} parameters={live.hall.parameters} />
        <Signers signers={live.hall.signers} />
      </HallRoom>
      <Onward lotId={opening.lotId} record={record} first={live.hall.firstRecord} />
    </Page>
  )
}
