import { eq } from 'drizzle-orm'
import { serviceItem } from '@/db/schema/hall/catalogue'
import { membership, organisation } from '@/db/schema/platform/identity'
import { type NewItem, publishItem } from '~/hall/catalogue/catalogue.server'
import type { Ctx } from '~/platform/ctx'

/** Seed row PRT-25: an approval item of the hall whose result the expert pool of the other half relies on. */
function expertReview(body: { id: string; creditCode: string; regionCode: string }): NewItem {
  return {
    // 18 credit code + level 3 (city) + 12 basic code: province 35, kind 10 (other powers), main item 17012, no sub-item.
    code: `${body.creditCode}3351017012000`,
    name: '评标专家入库初步审查',
    kind: 'other',
    caseKind: 'promise',
    regionCode: body.regionCode,
    organisationId: body.id,
    legalDays: 20,
    promisedDays: 5,
    materials: [
      {
        code: 'M01',
        name: '评标专家入库申请表',
        isRequired: true,
        form: '电子件，PDF',
        standard: '内容填写完整，本人签名，所在单位签署意见',
        basis: '《评标专家和评标专家库管理办法》（国家发展改革委令第26号）',
      },
      {
        code: 'M02',
        name: '高级职称证书或同等专业水平证明',
        isRequired: true,
        form: '电子件，PDF、PNG 或 JPEG',
        standard: '证书编号、姓名、专业清晰可辨，与申请专业一致',
        basis: '《招标投标法》第三十七条',
      },
      {
        code: 'M03',
        name: '从事相关领域工作满八年的证明',
        isRequired: false,
        form: '电子件，PDF',
        standard: '由所在单位出具，载明起止时间和岗位',
        basis: '《招标投标法》第三十七条',
      },
    ],
    guide: {
      basis: [
        '《招标投标法》第三十七条',
        '《招标投标法实施条例》第四十五条',
        '《评标专家和评标专家库管理办法》（国家发展改革委令第26号）',
      ],
      audience: '自然人',
      conditions: [
        '从事相关专业领域工作满八年',
        '具有高级职称或者同等专业水平',
        '熟悉有关招标投标的法律法规',
        '能够认真、公正、诚实、廉洁地履行职责',
      ],
      steps: [
        { name: '收件受理', days: '5 个工作日内答复', standard: '材料齐全、符合法定形式', result: '受理通知书' },
        { name: '审查决定', days: '受理后 5 个工作日', standard: '符合受理条件全部四项', result: '准予或不予许可决定书' },
      ],
      result: '评标专家入库初步审查意见',
      fee: '不收费',
      place: '演练市政务服务中心二楼综合窗口，或本平台在线申请',
      hours: '工作日 09:00—12:00，13:30—17:00；在线申请不限时间',
      phone: '0591-00000000',
      supervision: '本平台“我的办件”中投诉，或拨打 12345',
    },
  }
}

/** The hall's first item, decided by the demo world's service centre. Nothing in production, nothing twice. */
export async function seedHall(ctx: Ctx): Promise<void> {
  if (!ctx.platform.config.isSandbox) return
  const [body] = await ctx.db
    .select({ id: organisation.id, creditCode: organisation.creditCode, regionCode: organisation.regionCode })
    .from(organisation)
    .innerJoin(membership, eq(membership.organisationId, organisation.id))
    .where(eq(membership.role, 'hall-staff'))
    .orderBy(membership.createdAt)
    .limit(1)
  if (!body) return
  const item = expertReview(body)
  const known = await ctx.db.select({ id: serviceItem.id }).from(serviceItem).where(eq(serviceItem.code, item.code)).limit(1)
  if (known.length === 0) await publishItem(ctx, item)
}
