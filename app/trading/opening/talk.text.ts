import { formatInstant } from '~/shared/time'
import type { TalkFacts, TalkKind, TalkRole } from './talk'

export const talkRoleText: Record<TalkRole, string> = { host: '主持人', supervisor: '监督部门', bidder: '投标人' }

/** Who speaks: bidders by their number on the list. */
export const speakerText = ({ role, no }: Pick<TalkFacts['message'], 'role' | 'no'>) =>
  no === null ? talkRoleText[role] : `${no} 号投标人`

/** What the hall's event list says of what people say. */
export const talkSentences: { [K in TalkKind]: (facts: TalkFacts[K]) => string } = {
  message: f => `${speakerText(f)}：${f.text}`,
  muted: f => `主持人${f.isMuted ? '暂停' : '恢复'} ${f.no} 号投标人发言：${f.reason}`,
  called: f => `主持人第 ${f.call} 次点名，请各投标人在 ${formatInstant(new Date(f.endsAt))} 前应答。`,
  here: f => `${f.no} 号投标人应答第 ${f.call} 次点名。`,
}
