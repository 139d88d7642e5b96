import type { Role } from '@/db/schema/platform/identity'

/** Password of every demo account and of every demo .p12; accepted in the sandbox only, because only there they exist. */
export const demoPassword = 'demo-2026'

export interface DemoAccount {
  login: string
  name: string
  role: Role
  /** Key of its organisation in the demo world. */
  organisation: string
  /** What this part does in a tender, for whoever takes it. */
  part: string
}

/** Who plays in the demo world; anybody may sign in as any of them and take over the part. */
export const demoAccounts: DemoAccount[] = [
  {
    login: 'agency',
    name: '林安',
    role: 'agency',
    organisation: 'agency',
    part: '建项目、发公告、主持开标、组织评标、发中标通知书',
  },
  ...['许远', '韩筑', '秦岳', '苏启', '何拓', '郑衡', '谢川'].map(
    (name, i): DemoAccount => ({
      login: `bidder${i + 1}`,
      name,
      role: 'bidder',
      organisation: `bidder${i + 1}`,
      part: '下载招标文件、密封递交、释放密钥、确认开标记录',
    }),
  ),
  {
    login: 'custodian1',
    name: '赵守一',
    role: 'custodian',
    organisation: 'agency',
    part: '代理方保管人：开标时释放本方密钥份额',
  },
  {
    login: 'custodian2',
    name: '钱守两',
    role: 'custodian',
    organisation: 'supervisor',
    part: '监督方保管人：开标时释放本方密钥份额',
  },
  {
    login: 'custodian3',
    name: '孙守三',
    role: 'custodian',
    organisation: 'notary',
    part: '公证方保管人：开标时释放本方密钥份额',
  },
  {
    login: 'supervisor',
    name: '周正',
    role: 'supervisor',
    organisation: 'supervisor',
    part: '查看时间线、审核专家抽取、管理专家库、核验日志',
  },
  {
    login: 'supervisor2',
    name: '钟衡',
    role: 'supervisor',
    organisation: 'supervisor',
    part: '核准专家抽取（审核与核准须两人）、处理专家申诉',
  },
  { login: 'third', name: '吴公', role: 'custodian', organisation: 'notary', part: '公证处：参与专家抽取的第三方' },
  { login: 'witness', name: '郭见', role: 'witness', organisation: 'supervisor', part: '见证方：联署日志检查点' },
  {
    login: 'operator',
    name: '冯维',
    role: 'operator',
    organisation: 'operator',
    part: '平台运维：看运行状况，无权看任何标的内容',
  },
  { login: 'clerk', name: '陈窗', role: 'hall-staff', organisation: 'hall', part: '政务大厅受理岗：受理办件，答复投诉' },
  {
    login: 'clerk2',
    name: '沈核',
    role: 'hall-staff',
    organisation: 'hall',
    part: '政务大厅审批岗：审批办件（受理与审批须两人）',
  },
  { login: 'citizen', name: '李民', role: 'citizen', organisation: 'citizen', part: '办事群众：在线申请、查看进度、评价' },
  {
    login: 'exchange',
    name: '语音网关',
    role: 'exchange',
    organisation: 'operator',
    part: '演练短信与语音网关：专家邀请由此送达',
  },
]
