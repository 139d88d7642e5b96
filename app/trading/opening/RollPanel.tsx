import { type FormReply, replyTo } from '~/shared/form-reply'
import { formatInstant } from '~/shared/time'
import { Submit } from '~/ui/Button'
import { Countdown } from '~/ui/Countdown'
import { ErrorSummary } from '~/ui/ErrorSummary'
import { KeyValues } from '~/ui/KeyValues'
import { Actions, Remark, Section } from '~/ui/layout'
import { Hidden, PostButton, PostForm } from '~/ui/PostForm'
import { TextField } from '~/ui/TextField'
import { useNow } from '~/ui/use-now'
import type { Hall } from './hall'
import type { Seat } from './seat.read.server'
import { callSeconds, isTalkOpen } from './talk'

type RollProps = { hall: Hall; seat: Seat; reply: FormReply | undefined }

const list = (nos: number[]) => (nos.length > 0 ? nos.map(no => `${no} 号`).join('、') : '无')

function CallForm({ reply }: Pick<RollProps, 'reply'>) {
  const own = replyTo(reply, 'call')
  return (
    <PostForm inline>
      <ErrorSummary reply={own} />
      <Hidden name="intent" value="call" />
      <TextField name="seconds" label="应答时间" unit="秒" value={String(callSeconds.usual)} inputMode="numeric" reply={own} />
      <Submit look="plain">点名</Submit>
    </PostForm>
  )
}

function Call({ hall, seat }: Pick<RollProps, 'hall' | 'seat'>) {
  const { now } = useNow()
  if (!hall.call) return null
  const { call, endsAt, here } = hall.call
  const isRunning = new Date(endsAt) > now
  const absent = hall.bids.map(bid => bid.no).filter(no => !here.includes(no))
  return (
    <>
      {isRunning ? <Countdown label={`第 ${call} 次点名，应答截止`} until={new Date(endsAt)} passed="应答时间已过" /> : null}
      <KeyValues
        items={[
          { label: `第 ${call} 次点名 · 已应答`, value: list(here) },
          { label: isRunning ? '尚未应答' : '未应答', value: list(absent) },
        ]}
      />
      {isRunning && seat.role === 'bidder' && !here.includes(seat.no) ? (
        <PostButton values={{ intent: 'here' }}>应答点名（{seat.no} 号）</PostButton>
      ) : null}
    </>
  )
}

/** Who is there: signed in before and after the deadline, and the host's roll-call. Before the list nobody is named (crypto.md §10.12). */
export function RollPanel({ hall, seat, reply }: RollProps) {
  if (hall.bids.length === 0) return null
  const late = hall.present.map(one => (one.no === null ? `${one.organisation}（${one.role}）` : `${one.no} 号`))
  return (
    <Section title="签到与点名">
      <KeyValues
        items={[
          { label: '截标前签到', value: list(hall.attended.map(one => one.no)) },
          { label: '截标后签到', value: late.length > 0 ? late.join('、') : '无' },
        ]}
      />
      <Call hall={hall} seat={seat} />
      {seat.role === 'host' && isTalkOpen(hall.phase, hall.bids.length) ? (
        <Actions>
          <CallForm reply={reply} />
        </Actions>
      ) : null}
    </Section>
  )
}

type SignIn = { at: Date | null; isOpen: boolean } | null

/** Signing in, for whoever has a seat. Before the deadline it stays sealed. */
export function SignInPanel({ signIn, hall, seat }: { signIn: SignIn; hall: Hall; seat: Seat }) {
  if (!signIn) return null
  if (signIn.at) return <Remark>本机构已于 {formatInstant(signIn.at)} 签到。</Remark>
  const isLate = seat.role !== 'public' && hall.bids.length > 0 && hall.phase !== 'recorded' && hall.phase !== 'aborted'
  if (!signIn.isOpen && !isLate) return null
  return (
    <Section title="签到">
      <p>{signIn.isOpen ? '截标前的签到加密保存，开标前任何人（包括平台）不可见谁已签到。' : '签到后向全体公开。'}</p>
      <PostButton values={{ intent: 'sign-in' }}>签到</PostButton>
    </Section>
  )
}
