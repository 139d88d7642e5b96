import type { FormReply } from '~/shared/form-reply'
import type { Hall } from './hall'
import { RollPanel, SignInPanel } from './RollPanel'
import type { Seat } from './seat.read.server'
import { TalkPanel } from './TalkPanel'

type HallPeopleProps = {
  hall: Hall
  seat: Seat
  signIn: Parameters<typeof SignInPanel>[0]['signIn']
  reply: FormReply | undefined
}

/** Who is there and what they say. */
export function HallPeople({ hall, seat, signIn, reply }: HallPeopleProps) {
  return (
    <>
      <SignInPanel signIn={signIn} hall={hall} seat={seat} />
      <RollPanel hall={hall} seat={seat} reply={reply} />
      <TalkPanel hall={hall} seat={seat} reply={reply} />
    </>
  )
}

/** Without scripts the page asks again by itself while the opening goes on. */
export const Refresh = () => (
  <noscript>
    <meta httpEquiv="refresh" content="5" />
    <p>本页每 5 秒自动刷新。</p>
  </noscript>
)
