// What the demo's tender is about; names and places are invented.
import { createHash } from 'node:crypto'

export const region = '350102'

export interface LotScene {
  key: 'a' | 'b'
  name: string
  releaseMode: 'both' | 'custody'
  /** 2: 双信封, technical and business files first, prices later and only of those who passed. */
  envelopes: 1 | 2
  /** Whose bid the committee finds faulty, and why. */
  faulty: { login: string; why: string } | null
  ceilingFen: string
  scoring: object
}

const compliance = [
  { code: 'C1', text: '投标函签署完整，投标有效期满足招标文件要求' },
  { code: 'C2', text: '投标报价不超过最高投标限价' },
  { code: 'C3', text: '工期满足招标文件要求' },
]
const items = [
  { code: 'S1', name: '施工组织设计', max: '30', group: 'technical' },
  { code: 'S2', name: '项目管理机构', max: '20', group: 'technical' },
  { code: 'S3', name: '类似业绩与信誉', max: '20', group: 'business' },
]
const params = { E1: '1', E2: '0.5', floor: '0', trimAbove: 5, rounding: 'HALF_UP' }
const scoring = { method: 'comprehensive', params, compliance, items, onDecryptedBelow3: 'stop' }

export const lotScenes: LotScene[] = [
  {
    key: 'a',
    name: '一标段：办公楼外立面与屋面维修',
    releaseMode: 'both',
    envelopes: 1,
    faulty: null,
    ceilingFen: '1280000000',
    scoring: { ...scoring, formula: 'F2', priceWeight: '30' },
  },
  {
    key: 'b',
    name: '二标段：供配电与消防改造',
    releaseMode: 'custody',
    envelopes: 2,
    faulty: { login: 'b2', why: '投标函未经法定代表人签署，商务标第 3 页' },
    ceilingFen: '560000000',
    scoring: { ...scoring, formula: 'F1', priceWeight: '0.30' },
  },
]

/** Projects of the command-line demo begin with this, so that the live demo actors leave them alone. */
export const demoProjectPrefix = '命令行演示'

export function projectScene(tenderer: { name: string; creditCode: string }) {
  return {
    name: `${demoProjectPrefix}：机关办公楼维修改造工程施工`,
    kind: 'works',
    method: 'open-tender',
    edition: 'works.open-tender@2026.1-drill',
    regionCode: region,
    sector: 'A01',
    isToLaw: true,
    tenderer,
    fundSource: '财政资金 100%',
    scale: '建筑面积 18600 平方米',
    contact: '林安',
    phone: '0591-00000000',
  }
}

export function lotScene({ name, releaseMode, envelopes, ceilingFen, scoring }: LotScene, releaseSeconds: number) {
  return {
    name,
    content: `${name}，包括拆除、加固、安装、调试与质保期服务。`,
    qualification: '具有建筑工程施工总承包三级及以上资质，并在人员、设备、资金等方面具有相应的施工能力。',
    ceilingFen,
    suite: 'intl',
    releaseMode,
    threshold: 2,
    releaseSeconds,
    openingTerms: { envelopes },
    scoring,
  }
}

export interface BidderScene {
  login: string
  organisation: string
  person: string
  /** Share of the ceiling that it bids, in thousandths. */
  priceMille: number
}

export const bidderScenes: BidderScene[] = [
  { login: 'b1', organisation: '远川建设工程有限公司', person: '许远', priceMille: 931 },
  { login: 'b2', organisation: '恒筑建设集团有限公司', person: '韩筑', priceMille: 918 },
  { login: 'b3', organisation: '明岳市政工程有限公司', person: '秦岳', priceMille: 945 },
  { login: 'b4', organisation: '启安建筑工程有限公司', person: '苏启', priceMille: 902 },
  { login: 'b5', organisation: '海拓基础工程有限公司', person: '何拓', priceMille: 926 },
  { login: 'b6', organisation: '天衡路桥工程有限公司', person: '郑衡', priceMille: 937 },
  { login: 'b7', organisation: '百川水利工程有限公司', person: '谢川', priceMille: 911 },
]

/** Eight digits that are this run's own. */
export const serialOf = (run: string, login: string): number =>
  80_000_000 + (createHash('sha256').update(`${run} ${login}`).digest().readUInt32BE() % 10_000_000)
