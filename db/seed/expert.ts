import { readRegions, readSpecialties } from '@/db/seed/code-lists'
import type { Ctx } from '~/platform/ctx'
import { creditCodeOf } from '~/shared/credit-code'
import { admitExperts, countExperts, type NewExpert } from '~/trading/expert/expert.server'

/** Size of the demo library. */
export const librarySize = 10_000
const employers = 640

const surnames = '陈林黄张吴李郑王刘苏叶许蔡杨谢洪庄邱江曾郭徐余罗方赖潘魏施沈朱邓肖詹蒋卢游何范廖'
const given = '建国志伟秀英文华丽明海燕晓东雪梅俊杰思远永强春兰立新家辉少平玉珍国栋慧敏宏图佳宁天佑锦程子轩雨桐'
const titles = ['高级工程师', '正高级工程师', '高级经济师', '教授', '研究员', '高级会计师']
const firmKinds = [
  '建筑设计院有限公司',
  '工程咨询有限公司',
  '勘测规划研究院',
  '建设集团有限公司',
  '造价咨询有限公司',
  '医疗设备研究所',
  '信息技术有限公司',
  '大学',
]
const firmNames = [
  '闽江',
  '鹭岛',
  '武夷',
  '刺桐',
  '榕城',
  '海峡',
  '九龙江',
  '莆阳',
  '延平',
  '龙津',
  '霞浦',
  '鼓岭',
  '筼筜',
  '清源',
  '戴云',
  '太姥',
]

/** Numbers that are the same on every machine (mulberry32): the demo library is one and the same everywhere. */
function dice(seed: number) {
  let state = seed >>> 0
  return (sides: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % sides
  }
}

function employerAt(at: number, regions: string[]) {
  const name = `${firmNames[at % firmNames.length]}${firmKinds[Math.floor(at / firmNames.length) % firmKinds.length]}`
  const branch = Math.floor(at / (firmNames.length * firmKinds.length))
  const region = regions[at % regions.length] ?? '350100'
  return {
    name: branch === 0 ? name : `${name}第${branch}分公司`,
    code: creditCodeOf(`91${region}MA${String(at).padStart(7, '0')}`),
  }
}

/** Weight of a specialty: works, costs and the common goods and services are what most tenders ask for. */
const isCommon = (code: string) => /^(A0[4568]|B01|B02|C0[1236]|C11)/.test(code)

/** 32 years, 12 months, 28 days, 1,000 a day: so many different people can be made up. A prime apart, neighbours look unlike. */
const birthdays = 32 * 12 * 28 * 1_000
const stride = 7_919

/** The identity number of the person at this place in the library; no two places share one. */
function identityNumber(at: number, region: string): string {
  const n = (at * stride) % birthdays
  const [year, month, day] = [1958 + (n % 32), 1 + (Math.floor(n / 32) % 12), 1 + (Math.floor(n / 384) % 28)]
  const two = (part: number) => String(part).padStart(2, '0')
  const body = `${region}${year}${two(month)}${two(day)}${String(Math.floor(n / 10_752)).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

/** The demo expert with this place in the library; the same on every machine. */
export function expertAt(at: number, regions: string[], specialties: string[]): NewExpert {
  const roll = dice(at + 1)
  const pick = <T>(list: ArrayLike<T>): T => list[roll(list.length)]!
  const region = pick(regions)
  const common = specialties.filter(isCommon)
  const disc = new Set([pick(common), ...Array.from({ length: roll(3) }, () => pick(roll(3) > 0 ? common : specialties))])
  const employer = employerAt(roll(employers), regions)
  return {
    code: `E${String(at + 1).padStart(5, '0')}`,
    disc: [...disc].toSorted(),
    regionCode: region,
    employerName: employer.name,
    employerCode: employer.code,
    person: {
      name: `${pick(surnames)}${pick(given)}${roll(4) > 0 ? pick(given) : ''}`,
      phone: `139${String(10_000_000 + at).slice(-8)}`,
      idNumber: identityNumber(at, region),
      title: pick(titles),
    },
  }
}

/** County codes of the demo province and the finest specialties of the classification: what experts are spread over. */
export function spread(): { regions: string[]; specialties: string[] } {
  const regions = readRegions().flatMap(region => (region.code.startsWith('35') && region.level === 3 ? [region.code] : []))
  const all = readSpecialties()
  const isFinest = (code: string) => !all.some(other => other.code !== code && other.code.startsWith(code))
  return { regions, specialties: all.flatMap(({ code }) => (isFinest(code) ? [code] : [])) }
}

const chunk = 5_000

/**
 * Makes the library grow to so many experts, the same on every machine. Each chunk is an act of its own, and the next is made ready while the
 * database writes: a million takes minutes and little memory.
 */
export async function growLibrary(ctx: Ctx, upTo: number): Promise<void> {
  const { regions, specialties } = spread()
  let writing: Promise<unknown> = Promise.resolve()
  for (let from = await countExperts(ctx); from < upTo; from += chunk) {
    const people = Array.from({ length: Math.min(chunk, upTo - from) }, (_, at) => expertAt(from + at, regions, specialties))
    await writing
    writing = admitExperts(ctx, people)
  }
  await writing
}

/** The believable library: 10,000 active experts of one province, in 640 units, by the specialties in force. */
export async function seedExperts(ctx: Ctx): Promise<void> {
  if ((await countExperts(ctx)) > 0) return
  await growLibrary(ctx, librarySize)
}
