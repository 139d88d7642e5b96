import { type CustodyItem, cosignPolicy, giveLotKey, listCustody, releaseCustody } from '../client/custodian'
import { demoPrefix, type Play } from './due'

/** Gives a key for each lot it is named in, cosigns the policy, and gives out its shares after the close. */
export const playCustodian: Play = async (party, { seen }) => {
  // Of two envelopes (双信封) the second is opened while the lot is in evaluation: each sitting has its release.
  const sittingOf = ({ lotId, state }: CustodyItem) => `${lotId} ${state}`
  const items = (await listCustody(party)).filter(item => !seen.has(sittingOf(item)) && !item.projectName.startsWith(demoPrefix))
  return items.flatMap(item => {
    const { due, lotName } = item
    const release = async () => {
      if (await releaseCustody(party, item)) seen.set(sittingOf(item), true)
    }
    if (due === 'key') return [{ what: `登记标段密钥 ${lotName}`, run: () => giveLotKey(party, item) }]
    if (due === 'cosign') return [{ what: `会签密封策略 ${lotName}`, run: () => cosignPolicy(party, item) }]
    return due === 'release' ? [{ what: `释放份额 ${lotName}`, run: release }] : []
  })
}
