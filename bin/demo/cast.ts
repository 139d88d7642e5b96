// The demo's parties: each registers its own organisation, holds its own keys and speaks through its own token.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connect } from '../client/api'
import { creditCode } from '../client/credit-code'
import { demoPassword } from '../client/keys'
import { type Guest, guestOf, type Party, partyOf } from '../client/party'
import { bidderScenes, region, serialOf } from './scene'

export interface Cast {
  url: string
  agency: Party
  tenderer: { name: string; creditCode: string }
  bidders: Party[]
  custodians: Party[]
  supervisor: Party
  approver: Guest
  exchange: Guest
}

interface Wanted {
  login: string
  organisation: string
  person: string
  roles: string[]
}

async function register(url: string, run: string, { login, organisation, person, roles }: Wanted): Promise<string> {
  const account = `demo-${run}-${login}`
  const phone = `0591-${serialOf(run, login)}`
  await connect(url).post('/organisations', {
    creditCode: creditCode(region, serialOf(run, login)),
    name: `${organisation}（${run}）`,
    regionCode: region,
    address: '福州市鼓楼区演练路 100 号',
    contact: person,
    phone,
    roles,
    admin: { login: account, name: person, phone, password: demoPassword },
  })
  return account
}

/** Registers and signs in everybody. The supervisor and the telephone exchange are the demo world's own. */
export async function makeCast(url: string, folder: string): Promise<Cast> {
  const run = randomBytes(3).toString('hex')
  const join_ = async (wanted: Wanted): Promise<Party> =>
    partyOf(url, await register(url, run, wanted), demoPassword, join(folder, 'keys'))
  const custodian = (n: number, organisation: string) =>
    join_({ login: `c${n}`, organisation, person: `保管人${n}`, roles: ['custodian'] })
  const [agency, bidders, custodians, supervisor, approver, exchange] = await Promise.all([
    join_({ login: 'agency', organisation: '安信招标代理有限公司', person: '林安', roles: ['agency'] }),
    Promise.all(bidderScenes.map(scene => join_({ ...scene, roles: ['bidder'] }))),
    Promise.all([custodian(1, '代理方档案室'), custodian(2, '监督方信息中心'), custodian(3, '第二公证处')]),
    partyOf(url, 'supervisor', demoPassword, join(folder, 'keys')),
    guestOf(url, 'supervisor2', demoPassword),
    guestOf(url, 'exchange', demoPassword),
  ])
  const tenderer = { name: '演练市机关事务服务中心', creditCode: creditCode(region, serialOf(run, 'tenderer')) }
  return { url, agency, tenderer, bidders, custodians, supervisor, approver, exchange }
}
