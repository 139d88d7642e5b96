import { and, eq } from 'drizzle-orm'
import { membership, person, type Role } from '@/db/schema/platform/identity'
import { command } from '~/platform/audit/command.server'
import type { Ctx } from '~/platform/ctx'
import { type DemoAccount, demoAccounts, demoPassword } from '~/platform/identity/demo'
import { hashPassword } from '~/platform/identity/password.server'
import { findOrganisation } from '~/platform/organisation/organisation.read.server'
import { insertMembership, insertOrganisation, insertPerson } from '~/platform/organisation/organisation.server'
import { creditCodeOf } from '~/shared/credit-code'

interface DemoOrganisation {
  key: string
  name: string
  /** 登记管理部门 and 机构类别, then GB/T 2260 (GB 32100—2015 §4). */
  head: string
  serial: number
  address: string
  contact: string
}

/** Every name is invented. 91 enterprise, 92 individual business, 11 organ, 12 public institution, 32 notary office. */
const organisations: DemoOrganisation[] = [
  {
    key: 'agency',
    name: '安信招标代理有限公司',
    head: '91350102',
    serial: 70_010_001,
    address: '福州市鼓楼区演练路 1 号',
    contact: '林安',
  },
  {
    key: 'bidder1',
    name: '远川建设工程有限公司',
    head: '91350103',
    serial: 70_020_001,
    address: '福州市台江区演练路 11 号',
    contact: '许远',
  },
  {
    key: 'bidder2',
    name: '恒筑建设集团有限公司',
    head: '91350104',
    serial: 70_020_002,
    address: '福州市仓山区演练路 12 号',
    contact: '韩筑',
  },
  {
    key: 'bidder3',
    name: '明岳市政工程有限公司',
    head: '91350105',
    serial: 70_020_003,
    address: '福州市马尾区演练路 13 号',
    contact: '秦岳',
  },
  {
    key: 'bidder4',
    name: '启安建筑工程有限公司',
    head: '91350111',
    serial: 70_020_004,
    address: '福州市晋安区演练路 14 号',
    contact: '苏启',
  },
  {
    key: 'bidder5',
    name: '海拓基础工程有限公司',
    head: '91350112',
    serial: 70_020_005,
    address: '福州市长乐区演练路 15 号',
    contact: '何拓',
  },
  {
    key: 'bidder6',
    name: '天衡路桥工程有限公司',
    head: '91350121',
    serial: 70_020_006,
    address: '闽侯县演练路 16 号',
    contact: '郑衡',
  },
  {
    key: 'bidder7',
    name: '百川水利工程有限公司',
    head: '91350122',
    serial: 70_020_007,
    address: '连江县演练路 17 号',
    contact: '谢川',
  },
  {
    key: 'supervisor',
    name: '演练市公共资源交易监督管理处',
    head: '11350100',
    serial: 70_030_001,
    address: '福州市演练路 2 号',
    contact: '周正',
  },
  {
    key: 'notary',
    name: '演练市第一公证处',
    head: '32350100',
    serial: 70_040_001,
    address: '福州市演练路 3 号',
    contact: '吴公',
  },
  {
    key: 'operator',
    name: '演练市公共资源交易平台运维中心',
    head: '12350100',
    serial: 70_050_001,
    address: '福州市演练路 4 号',
    contact: '冯维',
  },
  {
    key: 'hall',
    name: '演练市政务服务中心',
    head: '12350100',
    serial: 70_060_001,
    address: '福州市演练路 5 号',
    contact: '陈窗',
  },
  {
    key: 'citizen',
    name: '鼓楼区李民便利店',
    head: '92350102',
    serial: 70_070_001,
    address: '福州市鼓楼区演练路 6 号',
    contact: '李民',
  },
]

/** Eight digits with the check character of GB 11714 (weights 3 7 9 10 5 8 4 2): the 主体标识码 inside a credit code. */
function subjectCode(serial: number): string {
  const digits = String(serial)
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  const check = 11 - (sum % 11)
  return digits + (check === 10 ? 'X' : check === 11 ? '0' : String(check))
}

const codeOf = ({ head, serial }: DemoOrganisation) => creditCodeOf(head + subjectCode(serial))
/** The supervisor sees its own city only; everybody else acts in the whole country (architecture.md §1.12, Scope). */
const prefixOf = (role: Role) => (role === 'supervisor' ? '35' : '')

async function seedOrganisation(ctx: Ctx, demo: DemoOrganisation): Promise<string> {
  const creditCode = codeOf(demo)
  const known = await findOrganisation(ctx, creditCode)
  if (known) return known.id
  const roles = [...new Set(demoAccounts.filter(a => a.organisation === demo.key).map(a => a.role))]
  const { name, address, contact } = demo
  return insertOrganisation(ctx, {
    creditCode,
    name,
    regionCode: demo.head.slice(2),
    address,
    contact,
    phone: '0591-00000000',
    roles,
  })
}

/** Returns whether the account was new. */
async function seedAccount(ctx: Ctx, account: DemoAccount, organisationId: string, passwordHash: string): Promise<boolean> {
  const { login, name, role } = account
  const [known] = await ctx.db.select({ id: person.id }).from(person).where(eq(person.login, login))
  const phone = `1380000${String(demoAccounts.indexOf(account)).padStart(4, '0')}`
  const personId = known?.id ?? (await insertPerson(ctx, { login, name, phone, passwordHash }))
  const own = and(eq(membership.personId, personId), eq(membership.organisationId, organisationId), eq(membership.role, role))
  const [member] = await ctx.db.select({ id: membership.id }).from(membership).where(own)
  if (member) return false
  const isAdmin = !demoAccounts.some(
    a => a.organisation === account.organisation && demoAccounts.indexOf(a) < demoAccounts.indexOf(account),
  )
  await insertMembership(ctx, { personId, organisationId, role, isAdmin, regionPrefix: prefixOf(role) })
  return true
}

const fill = command(
  'organisation.register',
  async (ctx, { passwordHash }: { passwordHash: string }) => {
    const ids = new Map<string, string>()
    for (const demo of organisations) ids.set(demo.key, await seedOrganisation(ctx, demo))
    const made = []
    for (const account of demoAccounts) {
      const isNew = await seedAccount(ctx, account, ids.get(account.organisation)!, passwordHash)
      if (isNew) made.push(account.login)
    }
    return { result: made, entry: made.length > 0 ? { facts: { accounts: made } } : null }
  },
  'seed.world',
)

/** The demo world of the sandbox: organisations, their people and their roles. Nothing in production, nothing twice. */
export async function seedWorld(ctx: Ctx): Promise<void> {
  if (!ctx.platform.config.isSandbox) return
  const logins = await ctx.db.select({ login: person.login }).from(person)
  const known = new Set(logins.map(row => row.login))
  if (demoAccounts.every(account => known.has(account.login))) return
  await fill(ctx, { passwordHash: await hashPassword(demoPassword) })
}
