import type { FormReply } from '~/shared/form-reply'
import { Remark } from '~/ui/layout'
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

/** Without scripts the page of a mere watcher asks again by itself; where somebody may be typing it is asked by a link. */
export function Refresh({ mayType }: { mayType: boolean }) {
  return (
    <noscript>
      {mayType ? (
        <p>
          本页未启用脚本，不会自动更新。<a href="?">刷新本页</a>
        </p>
      ) : (
        <>
          <meta httpEquiv="refresh" content="5" />
          <p>本页每 5 秒自动刷新。</p>
        </>
      )}
    </noscript>
  )
}

/** Which bid is the reader's, and what became of its second envelope (双信封). */
export function OwnPlace({ no, hall }: { no: number; hall: Hall }) {
  const isUnopened = hall.bids.some(bid => bid.no === no && bid.state === 'unopened')
  return (
    <Remark>
      本机构是 {no} 号投标人。{isUnopened ? '贵方未通过第一信封评审，第二信封未开启，原封退还；报价任何人均未读取。' : null}
    </Remark>
  )
}
