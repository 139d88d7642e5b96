import type { Block } from '~/platform/paper/paper'
import { capitalFen, groupYuan, parseYuan } from '~/shared/money'
import type { BidResult } from '../evaluation/evaluation'

export type AwardPaper = {
  lot: { code: string; name: string }
  project: { code: string; name: string; tendererName: string; contact: string; phone: string }
  winner: BidResult
}

/** The award notice (中标通知书, 招标投标法 45): to whom, for what, at what price, and what must happen until when. */
export function awardBlocks({ lot, project, winner }: AwardPaper): Block[] {
  const price = winner.price ?? ''
  const fen = parseYuan(price)
  return [
    { kind: 'text', text: `${winner.name}：` },
    {
      kind: 'text',
      text: `贵单位参加 ${project.name} ${lot.name} 的投标，经评标委员会评审、招标人确定，中标。`,
    },
    {
      kind: 'facts',
      rows: [
        ['项目编号', project.code],
        ['标段编号', lot.code],
        ['中标人', `${winner.name}（${winner.creditCode}）`],
        ['中标价', `${groupYuan(price)} 元${fen === null ? '' : `（大写：${capitalFen(fen)}）`}`],
        ['招标人', project.tendererName],
        ['联系人及电话', `${project.contact} ${project.phone}`],
      ],
    },
    {
      kind: 'text',
      text: '请自本通知书发出之日起 30 日内，按照招标文件和贵单位的投标文件与招标人订立书面合同（《招标投标法》第四十六条）。本通知书对招标人和中标人具有法律效力；通知书发出后，招标人改变中标结果的，或者中标人放弃中标项目的，应当依法承担法律责任（《招标投标法》第四十五条）。',
    },
  ]
}
