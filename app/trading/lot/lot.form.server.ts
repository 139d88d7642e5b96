import { z } from 'zod'
import { text } from '~/platform/form/text.server'
import { parseYuan } from '~/shared/money'
import { remedies } from './opening-terms'

const decimal = (label: string) => z.string().regex(/^\d{1,6}(\.\d{1,4})?$/, `${label}应为数字，最多四位小数`)
const code = z.string().regex(/^[A-Za-z0-9._-]{1,32}$/, '代码只用字母、数字和 . _ -')

const uniqueCodes = (list: { code: string }[]) => new Set(list.map(i => i.code)).size === list.length

const params = z.strictObject({
  E1: decimal('E1').default('1'),
  E2: decimal('E2').default('0.5'),
  floor: decimal('最低分').default('0'),
  trimAbove: z.number().int().min(3).max(20).default(3),
  rounding: z.enum(['HALF_UP', 'HALF_EVEN', 'DOWN']).default('HALF_UP'),
})

/** lot.scoring: see scoring.ts. Points must add up to 100, or the highest score would mean nothing. */
export const scoringSchema = z
  .strictObject({
    method: z.enum(['comprehensive', 'lowest-price']),
    formula: z.enum(['F1', 'F2']),
    priceWeight: decimal('价格权重'),
    params: params.prefault({}),
    compliance: z
      .array(z.strictObject({ code, text: text('评审项', 500) }))
      .min(1, '请至少列一项符合性评审')
      .max(60),
    items: z
      .array(z.strictObject({ code, name: text('评分项', 200), max: decimal('满分'), group: z.enum(['technical', 'business']) }))
      .max(60),
    onDecryptedBelow3: z.enum(['stop', 'continue']).default('stop'),
  })
  .refine(s => uniqueCodes(s.compliance) && uniqueCodes(s.items), { message: '评审项和评分项的代码不能重复', path: ['items'] })

const drawnParameter = z.strictObject({
  code,
  name: text('参数名称', 60),
  values: z.array(z.string().min(1).max(40)).min(2, '至少两个备选值').max(100),
})

/** lot.openingTerms: see opening-terms.ts. */
export const openingTermsSchema = z.strictObject({
  signInSeconds: z.number().int().min(0).max(86_400).optional(),
  envelopes: z.union([z.literal(1), z.literal(2)], '信封数为 1 或 2').optional(),
  remedies: z.array(z.enum(remedies)).max(remedies.length).optional(),
  parameters: z
    .array(drawnParameter)
    .max(10)
    .refine(uniqueCodes, '参数代码不能重复')
    .refine(list => list.every(p => new Set(p.values).size === p.values.length), '同一参数的备选值不能重复')
    .optional(),
})

/** POST /projects/:id/lots. Amounts in fen. */
export const lotBody = z.strictObject({
  name: text('标段名称', 600),
  content: text('招标内容', 5000),
  qualification: text('资格条件', 5000),
  ceilingFen: z
    .string()
    .regex(/^[1-9]\d{0,17}$/, '最高投标限价以分为单位')
    .transform(BigInt),
  suite: z.enum(['intl', 'gm']).default('intl'),
  releaseMode: z.enum(['custody', 'both', 'bidder', 'rescue']).default('custody'),
  threshold: z.number().int().min(0).max(9).default(2),
  releaseSeconds: z.number().int().min(5).max(86_400).default(1800),
  scoring: scoringSchema,
  openingTerms: openingTermsSchema.default({}),
})
export type LotInput = z.output<typeof lotBody>

const lines = (value: string) =>
  value
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.length > 0)

/** Items as people type them: one per line, 名称 满分 技术|商务. */
export function itemsOf(value: string): { code: string; name: string; max: string; group: string }[] {
  return lines(value).map((line, i) => {
    const [, name = line, max = '', group = ''] = /^(.+?)\s+([\d.]+)\s*(技术|商务)?$/.exec(line) ?? []
    return { code: `S${i + 1}`, name, max, group: group === '商务' ? 'business' : 'technical' }
  })
}

const typedScoring = {
  method: z.enum(['comprehensive', 'lowest-price'], '请选择评标办法'),
  formula: z.enum(['F1', 'F2'], '请选择价格分公式'),
  priceWeight: z.string(),
  compliance: z.string(),
  items: z.string(),
}

/** The same, as the page's form posts it. */
export const lotForm = z
  .object({
    name: text('标段名称', 600),
    content: text('招标内容', 5000),
    qualification: text('资格条件', 5000),
    ceilingYuan: z.string(),
    envelopes: z.enum(['1', '2'], '请选择信封').default('1'),
    suite: z.enum(['intl', 'gm'], '请选择算法'),
    releaseMode: z.enum(['custody', 'both', 'bidder', 'rescue'], '请选择解密方式'),
    threshold: z.coerce.number(),
    releaseMinutes: z.coerce.number('请填写解密时长').min(0.1).max(1440),
    ...typedScoring,
  })
  .transform(({ ceilingYuan, releaseMinutes, envelopes, method, formula, priceWeight, compliance, items, ...rest }, issues) => {
    const body = {
      ...rest,
      openingTerms: { envelopes: Number(envelopes) },
      ceilingFen: String(parseYuan(ceilingYuan) ?? ''),
      releaseSeconds: Math.round(releaseMinutes * 60),
      scoring: {
        method,
        formula,
        priceWeight,
        compliance: lines(compliance).map((line, i) => ({ code: `C${i + 1}`, text: line })),
        items: itemsOf(items),
      },
    }
    const parsed = lotBody.safeParse(body)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) {
      issues.addIssue({ code: 'custom', message: issue.message, path: [fieldOf(issue.path)] })
    }
    return z.NEVER
  })

function fieldOf(path: PropertyKey[]): string {
  if (path[0] === 'ceilingFen') return 'ceilingYuan'
  if (path[0] === 'releaseSeconds') return 'releaseMinutes'
  return String(path[0] === 'scoring' ? (path[1] ?? 'items') : path[0])
}

/** POST /lots/:id/custodians. */
export const custodiansBody = z.strictObject({
  custodians: z.array(z.strictObject({ organisationId: z.uuid(), interestGroup: z.string().regex(/^[a-z0-9-]{1,40}$/) })).max(9),
})
export type CustodiansInput = z.output<typeof custodiansBody>

export const custodianRows = 5

/** The same, as the page's form posts it: rows `custodian0`, `group0` …; rows without an organisation are left out. */
export const custodiansForm = z
  .record(z.string(), z.unknown())
  .transform((typed): unknown => {
    const rows = Array.from({ length: custodianRows }, (_, i) => ({
      organisationId: typed[`custodian${i}`],
      interestGroup: typed[`group${i}`],
    }))
    return { custodians: rows.filter(row => row.organisationId) }
  })
  .pipe(custodiansBody)
