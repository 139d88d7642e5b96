import type { KeptStanding } from './kept-bid'

/** What a panel says of a kept bid that cannot go on, and of one whose answer was lost. */
export const standingTexts: Record<Exclude<KeptStanding, 'ready'>, string> = {
  delivered: '平台已签收本次递交，只是回执没有传回本机。可取回回执并删除本机密文。',
  'other-organisation':
    '本浏览器中存有其他机构密封的未完成上传，本机构不能继续。请由原机构登录后继续；确认不再需要的，可删除本机密文。',
  late: '未送达：投标截止时间已过，投标文件未完成传输，视为撤回（《电子招标投标办法》第二十七条）。本机密文已无用，可以删除。',
  policy: '不能继续：密封后本标段的密封策略已变更，原密文不再适用。请删除后重新密封。',
  terms: '不能继续：密封后招标文件或截止时间已变更，原声明不再适用。请阅读变更公告，删除后重新密封。',
  replaced: '不能继续：密封后本机构已在别处递交、替换或撤回过投标文件，本次声明不再是下一次。如仍要替换，请删除后重新密封。',
}
