import type { ImportState } from '@/db/schema/trading/expert-record'

export const importStateText: Record<ImportState, string> = {
  receiving: '正在上传',
  checking: '正在检查',
  taking: '正在入库',
  done: '已办结',
  refused: '无法读取，未导入',
  cancelled: '已取消，未导入',
}

/** Why a row of a list was not taken over, or is doubtful: the sentences of the import report. */
export const issueText = {
  'column-count': '列数与表头不一致',
  'column-missing': '缺少必需的列',
  'column-unknown': '表头中有不认识的列',
  'column-repeated': '表头中同一列出现两次',
  missing: '必填项为空',
  'too-long': '内容过长',
  'id-number': '身份证号校验不通过（GB 11643—1999）',
  phone: '手机号不是 11 位数字',
  email: '邮箱格式不正确',
  'credit-code': '统一社会信用代码校验不通过（GB 32100—2015）',
  'region-unknown': '没有这个行政区划代码（GB/T 2260）',
  'specialty-unknown': '现行专业分类（发改法规〔2018〕316号）中没有这个代码',
  'specialty-count': '专业应为 1 至 3 个',
  'specialty-repeated': '同一专业填写了两次',
  'control-character': '含有不可见的控制字符',
  'repeated-in-file': '与本文件中前面的一行是同一人',
  'already-in-library': '此人已在专家库中',
  punished: '此人曾因招标投标活动中的违法行为受过处罚（七部委令第12号第十二条）',
  'code-form': '代码不是字母加两位一级的数字（如 A0801）',
  'level-differs': '级别与代码长度不符',
  'code-repeated': '代码重复',
  'parent-missing': '上级代码不在本文件中，或被拒绝',
  'out-of-place': '排在另一组之下，与代码所属的组不一致',
  'name-of-another-group': '存疑：名称与同类另一组相同，且与其下级专业无关',
  'no-children': '存疑：同级各组都有下级专业，本组没有',
  'known-error': '存疑：已知的印刷或录入错误',
} as const
export type IssueRule = keyof typeof issueText

/** Rules that only raise a doubt: with `good-rows` such a row is taken over and named. */
export const doubts: ReadonlySet<IssueRule> = new Set(['name-of-another-group', 'no-children', 'known-error'])

export type Issue = { row: number; column: string; rule: IssueRule; detail: string }

/** The sentence of one line of the report. */
export const issueLine = ({ rule, detail }: { rule: string; detail: string }): string =>
  `${issueText[rule as IssueRule] ?? rule}${detail ? `：${detail}` : ''}`
