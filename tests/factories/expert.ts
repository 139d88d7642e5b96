import type { ApplicationInput } from '~/trading/expert/application.form.server'

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** A valid identity number, another for each serial up to ten million; somebody born in 1970 for the first 336,000. */
export function anIdNumber(serial: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const [month, day, year] = [
    1 + (Math.floor(serial / 1_000) % 12),
    1 + (Math.floor(serial / 12_000) % 28),
    1970 + Math.floor(serial / 336_000),
  ]
  const body = `350102${year}${two(month)}${two(day)}${String(serial % 1_000).padStart(3, '0')}`
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return body + '10X98765432'[sum % 11]
}

/** An application that meets every condition, with what matters to the test given. */
export const anApplication = (serial: number, given: Partial<ApplicationInput> = {}): ApplicationInput => ({
  name: `申请人${serial}`,
  idNumber: anIdNumber(serial),
  phone: `137${String(serial).padStart(8, '0')}`,
  title: '高级工程师',
  regionCode: '350102',
  employerName: '武夷勘测规划研究院',
  employerCode: '91350100MA00000018',
  disc: ['A0801', 'A0601'],
  mainDisc: 'A0801',
  yearsInField: 12,
  degree: '本科',
  certificates: '',
  experience: '从事房屋建筑施工管理',
  employments: [],
  avoid: [],
  ...given,
})

/** The heading of a list of experts as other departments send it. */
export const listHeading = '姓名,证件号码,手机,职称,主评专业,其他专业,地区代码,工作单位,统一社会信用代码'

/** A good line of such a list. */
export const aListLine = (serial: number, creditCode: string): string =>
  `专家${serial},${anIdNumber(serial)},138${String(serial).padStart(8, '0')},高级工程师,A0801,A0601;A0401,350102,某单位,${creditCode}`
