import { Notice } from '~/ui/Notice'
import { When } from '~/ui/When'
import type { MyBid } from './bid.read.server'

type UnfinishedNoticeProps = { unfinished: NonNullable<MyBid['unfinished']>; hasBid: boolean }

/** Sending that began and has not ended: still under way, or withdrawn by law (《电子招标投标办法》27). */
export function UnfinishedNotice({ unfinished, hasBid }: UnfinishedNoticeProps) {
  const began = <When at={new Date(unfinished.at)} seconds />
  if (!unfinished.isWithdrawn)
    return (
      <Notice kind="warn" title="有未完成的传输">
        本机构于 {began} 开始传输投标文件，尚未送达。截止时未完成传输的，视为撤回；收到可核验的回执才算送达。
      </Notice>
    )
  return (
    <Notice kind="bad" title="未送达，视为撤回">
      本机构于 {began} 开始传输的投标文件在截止时未完成传输，视为撤回（《电子招标投标办法》第二十七条）。
      {hasBid ? '此前已送达并取得回执的投标文件仍然有效。' : '截止后不能补交。'}
    </Notice>
  )
}
