import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction, redirect } from '@remix-run/node'
import { type ClientActionFunctionArgs, type ClientLoaderFunctionArgs, useLoaderData } from '@remix-run/react'
import { useFormReply } from '~/http/form-reply'
import { page, submit } from '~/http/page.server'
import { paths } from '~/http/paths'
import { findLot } from '~/trading/lot/find-lot.server'
import { actInHall } from '~/trading/opening/act-in-hall.server'
import { hallForm } from '~/trading/opening/acts.form.server'
import { readOwnSignIn } from '~/trading/opening/attendance.server'
import { HallPeople, Refresh } from '~/trading/opening/HallPeople'
import { HallRoom } from '~/trading/opening/HallRoom'
import type { Hall } from '~/trading/opening/hall'
import { openingPhaseText } from '~/trading/opening/opening.text'
import { listAllEvents, readPublicOpening } from '~/trading/opening/read.server'
import { maySignRecord } from '~/trading/opening/record-signers.server'
import { SeatPanel } from '~/trading/opening/SeatPanel'
import { DrawnParameters, Signers, SignRecordPanel } from '~/trading/opening/SignRecordPanel'
import { readSeat } from '~/trading/opening/seat.read.server'
import { useHall } from '~/trading/opening/use-hall'
import { LinkButton } from '~/ui/Button'
import { askOrKeep, sendOrSay, useAsk, useLastKnown } from '~/ui/last-known'
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

/** A line that breaks costs nobody the hall: neither what is shown nor what was typed. */
export const clientLoader = (args: ClientLoaderFunctionArgs) => askOrKeep<typeof loader>(args)
export const clientAction = (args: ClientActionFunctionArgs) => sendOrSay<typeof action>(args)

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
  const loaded = useLoaderData<typeof clientLoader>()
  const { opening, events, seat, maySign, signIn } = loaded
  const ask = useAsk()
  useLastKnown(loaded, ask)
  const live = useHall(opening.lotId, { hall: opening.hall, events }, ask, seat.role === 'host')
  const { phase, record } = live.hall
  const reply = useFormReply()
  const people = <HallPeople hall={live.hall} seat={seat} signIn={signIn} reply={reply} />
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
      <HallRoom
        {...live}
        connected={loaded.isStale ? false : live.connected}
        lotId={opening.lotId}
        opensAt={opening.biddingEndsAt}
        people={people}
      >
        {maySign ? <SignRecordPanel key={live.hall.envelope} lotId={opening.lotId} onDone={ask} /> : null}
        <SeatPanel {...opening} seat={seat} hall={live.hall} reply={reply} onDone={ask} />
        <DrawnParameters lotId={opening.lotId} parameters={live.hall.parameters} />
        <Signers signers={live.hall.signers} />
      </HallRoom>
      <Onward lotId={opening.lotId} record={record} first={live.hall.firstRecord} />
    </Page>
  )
}
