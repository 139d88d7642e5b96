import { type Desk, paths } from './paths'

export type MenuItem = { to: string; text: string; count?: number; end?: boolean }

/** What stands over each desk's menu. */
export const deskNames: Record<Desk, string> = {
  agency: '招标工作台',
  bidder: '投标人工作台',
  expert: '评标工作台',
  supervisor: '监督工作台',
  custodian: '保管人工作台',
  clerk: '大厅工作台',
  citizen: '我的办事',
  admin: '平台运维',
}

const account: MenuItem = { to: paths.account, text: '账户与证书' }
const home = (desk: Desk): MenuItem => ({ to: `/${desk}`, text: '待办', end: true })

/** The lines of each desk's menu; each area adds its own between 待办 and 账户. */
export const menus: Record<Desk, MenuItem[]> = {
  agency: [home('agency'), { to: paths.projects, text: '项目与标段' }, account],
  bidder: [home('bidder'), account],
  expert: [home('expert'), { to: paths.expertLots, text: '我的评标' }, { to: paths.expertRecord, text: '我的专家档案' }, account],
  supervisor: [
    home('supervisor'),
    { to: paths.supervisorLots, text: '标段与日志' },
    { to: paths.supervisorDraws, text: '专家抽取' },
    { to: paths.supervisorExperts, text: '专家库' },
    { to: paths.expertApplications, text: '入库申请' },
    { to: paths.expertClearances, text: '专家处理' },
    { to: paths.expertAppeals, text: '专家申诉' },
    { to: paths.expertImports, text: '名单导入' },
    { to: paths.expertRules, text: '专家库规则' },
    { to: paths.specialties, text: '专业分类' },
    account,
  ],
  custodian: [home('custodian'), account],
  clerk: [home('clerk'), { to: paths.clerkComplaints, text: '投诉与差评' }, account],
  citizen: [home('citizen'), { to: paths.hall, text: '办事指南', end: true }, account],
  admin: [
    home('admin'),
    { to: '/admin/queue', text: '任务队列' },
    { to: '/admin/trust', text: '证书吊销' },
    { to: '/admin/gallery', text: '组件样张' },
    account,
  ],
}

/** The menu of the public pages. */
export const publicMenu: MenuItem[] = [
  { to: paths.home, text: '公告', end: true },
  { to: paths.hall, text: '政务大厅' },
]

/** The menu of the service hall, open to everybody. */
export const hallMenu: MenuItem[] = [
  { to: paths.home, text: '公告', end: true },
  { to: paths.hall, text: '办事指南', end: true },
  { to: paths.hallCases, text: '我的办件' },
]

/** The menu of the pages about one's own account. */
export const accountMenu = (desk: Desk): MenuItem[] => [
  { to: `/${desk}`, text: '回工作台', end: true },
  { to: paths.account, text: '账户', end: true },
  { to: paths.certificates, text: '数字证书' },
  { to: paths.tokens, text: '接口令牌' },
  { to: paths.members, text: '机构成员' },
  { to: paths.applyAsExpert, text: '申请成为评标专家' },
  { to: paths.recommendations, text: '专家推荐' },
  { to: paths.memberships(), text: '切换身份' },
]
