import type { expertRule } from '@/db/schema/trading/expert-assessment'
import type { Ctx } from '~/platform/ctx'
import { addRule, listRules } from '~/trading/expert/rule.server'

type Rule = Omit<typeof expertRule.$inferInsert, 'id' | 'version' | 'createdAt' | 'createdBy'>

const source = '演练设置，非法定：由各省专家库管理部门自定（评标专家和评标专家库管理办法）'
const base = { windowMonths: null, act: null, actMonths: null, source, effectiveOn: '2026-01-01', isOff: false } as const
const mark = (code: string, name: string, value: number): Rule => ({ ...base, kind: 'mark', code, name, value })

/** Event types of an assessment and the ladder of clearance (tender-rules 2.4); the numbers are the rehearsal's, each library sets its own. */
const rules: Rule[] = [
  mark('late', '迟到', 2),
  mark('absent', '无正当理由缺席', 6),
  mark('left-early', '擅自离开', 6),
  mark('phone', '违规使用通讯工具', 6),
  mark('refuses-to-sign', '拒不签字又不说明理由', 4),
  mark('wrong-objective-score', '客观分评分错误', 4),
  mark('score-spread', '评分明显异常且不能说明', 3),
  mark('leaked', '泄露评标情况', 12),
  mark('private-contact', '私下接触投标人', 12),
  mark('collusion', '与投标人串通', 24),
  { ...base, kind: 'clearance', code: 'remind', name: '累计 4 分', value: 4, windowMonths: 12, act: 'remind' },
  { ...base, kind: 'clearance', code: 'retrain', name: '累计 6 分', value: 6, windowMonths: 12, act: 'retrain' },
  { ...base, kind: 'clearance', code: 'suspend', name: '累计 8 分', value: 8, windowMonths: 12, act: 'suspend', actMonths: 6 },
  { ...base, kind: 'clearance', code: 'remove', name: '累计 12 分', value: 12, windowMonths: 12, act: 'remove' },
  { ...base, kind: 'clearance', code: 'ban', name: '累计 24 分', value: 24, windowMonths: 24, act: 'ban' },
  { ...base, kind: 'training', code: 'yearly', name: '年度继续教育', value: 12 },
  { ...base, kind: 'cap', code: 'monthly', name: '每月评标次数', value: 8 },
  { ...base, kind: 'age', code: 'most', name: '入库年龄', value: 70 },
  { ...base, kind: 'statement', code: 'days', name: '陈述申辩期限', value: 3 },
  { ...base, kind: 'import', code: 'rows', name: '一份名单最多行数（万行）', value: 200 },
  { ...base, kind: 'import', code: 'size', name: '一份名单最大（MB）', value: 512 },
  { ...base, kind: 'import', code: 'waiting', name: '同时办理的名单（份）', value: 5 },
]

/** The rehearsal's rules of the library. Nothing in production: there each library enters its own. */
export async function seedExpertRules(ctx: Ctx): Promise<void> {
  if (!ctx.platform.config.isSandbox || (await listRules(ctx)).length > 0) return
  for (const rule of rules) {
    const { windowMonths = null, act = null, actMonths = null, isOff = false } = rule
    await addRule(ctx, { ...rule, windowMonths, act, actMonths, isOff })
  }
}
