import { z } from 'zod'
import { text } from '~/platform/form/text.server'
import { tradeKinds, tradeMethods } from '../rules/edition'
import { ruleEdition } from '../rules/editions'

const fields = {
  name: text('项目名称', 600),
  kind: z.enum(tradeKinds, '请选择交易类别'),
  method: z.enum(tradeMethods, '请选择采购方式'),
  edition: z.string().min(1, '请选择规则版本').max(80),
  regionCode: z.string().regex(/^\d{6}$/, '请选择行政区划'),
  sector: z.string().trim().min(1, '请选择行业').max(32),
  fundSource: text('资金来源', 1000),
  scale: text('项目规模', 1000),
  contact: text('联系人', 60),
  phone: z
    .string()
    .trim()
    .regex(/^[0-9+\-() ]{5,30}$/, '请填写联系电话'),
}

/** POST /projects. */
export const projectBody = z.strictObject({
  ...fields,
  isToLaw: z.boolean(),
  tenderer: z.strictObject({ name: text('招标人名称', 200), creditCode: z.string().trim() }),
})
export type ProjectInput = z.output<typeof projectBody>

const { kind: _kind, method: _method, ...typedFields } = fields

/** The same, as a page's form posts it: the edition chosen says kind and method. */
export const projectForm = z
  .object({
    ...typedFields,
    isToLaw: z.enum(['yes', 'no'], '请选择是否依法必须招标'),
    tendererName: text('招标人名称', 200),
    tendererCode: z.string().trim().length(18, '请填写 18 位统一社会信用代码'),
  })
  .transform(({ tendererName, tendererCode, isToLaw, ...rest }): ProjectInput => {
    const { kind, method } = ruleEdition(rest.edition)
    return { ...rest, kind, method, isToLaw: isToLaw === 'yes', tenderer: { name: tendererName, creditCode: tendererCode } }
  })
