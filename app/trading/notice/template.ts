import { formatYuan } from '~/shared/money'
import type { LotRow, ProjectRow } from '../project/project.read.server'
import type { RuleEdition } from '../rules/edition'

type Facts = { project: ProjectRow; lot: LotRow; edition: RuleEdition; region: string; agency: string; address: string }

/** The contents every tender notice must have (公告和公示信息发布管理办法; 财政部令第87号 13; 电子招标投标办法 17), filled from the lot. */
export function noticeTemplate({ project, lot, edition, region, agency, address }: Facts): string {
  const budget = edition.ruleSet === 'procurement' ? '采购预算及最高限价' : '最高投标限价'
  return [
    `一、项目名称：${project.name}（${project.code}）`,
    `二、标段：${lot.name}（${lot.code}）`,
    `三、招标内容与规模：${lot.content}；${project.scale}`,
    `四、资金来源：${project.fundSource}`,
    `五、${budget}：${formatYuan(lot.ceilingFen)}`,
    `六、投标人资格条件：${lot.qualification}`,
    `七、招标文件的获取：自公告发布起在本平台直接下载，无须报名，不收费用。平台网址：${address}`,
    '八、投标文件的递交：在本平台用投标页面或自有软件密封后网上递交；截止后送达的、未按要求加密的，不予接收。',
    '九、开标：与投标截止同一时间，由系统按时钟公开开标，投标人在线参加。',
    `十、地区：${region}`,
    `十一、招标人：${project.tendererName}；代理机构：${agency}；联系人：${project.contact}；电话：${project.phone}`,
    '十二、异议与质疑：对招标文件有异议的，应当在法定期限内向招标人、代理机构提出。',
  ].join('\n')
}

export const noticeTitle = (project: ProjectRow, lot: LotRow) => `${project.name} ${lot.name} 招标公告`.slice(0, 300)
