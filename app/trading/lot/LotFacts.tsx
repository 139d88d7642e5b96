import { formatYuan } from '~/shared/money'
import { formatSpan } from '~/shared/time'
import { KeyValues } from '~/ui/KeyValues'
import { When } from '~/ui/When'
import type { LotRow } from '../project/project.read.server'
import { envelopesText, releaseModeText, suiteText } from './lot.text'
import { openingTermsOf } from './opening-terms'

type Shown = Pick<
  LotRow,
  | 'code'
  | 'content'
  | 'qualification'
  | 'ceilingFen'
  | 'releaseMode'
  | 'threshold'
  | 'suite'
  | 'releaseSeconds'
  | 'round'
  | 'biddingStartsAt'
  | 'biddingEndsAt'
  | 'documentEndsAt'
> & { openingTerms?: unknown }

const custodyOf = ({ releaseMode, threshold }: Shown) =>
  `${releaseModeText[releaseMode] ?? releaseMode}${releaseMode === 'bidder' ? '' : `，门限 ${threshold}`}`

const timeOf = (at: Date | null) => (at ? <When at={at} seconds /> : '未定')

/** The facts of a lot that everybody may know. */
export function LotFacts({ lot }: { lot: Shown }) {
  return (
    <KeyValues
      items={[
        { label: '标段编号', value: `${lot.code}${lot.round > 1 ? `（第 ${lot.round} 次招标）` : ''}` },
        { label: '招标内容', value: lot.content },
        { label: '投标人资格条件', value: lot.qualification },
        { label: '最高投标限价', value: formatYuan(lot.ceilingFen) },
        { label: '开始投标', value: timeOf(lot.biddingStartsAt) },
        { label: '招标文件获取截止', value: timeOf(lot.documentEndsAt) },
        { label: '投标截止（即开标）', value: timeOf(lot.biddingEndsAt) },
        { label: '开标方式', value: envelopesText[openingTermsOf({ openingTerms: lot.openingTerms }).envelopes] },
        { label: '解密方式', value: custodyOf(lot) },
        { label: '释放密钥时长', value: formatSpan(lot.releaseSeconds) },
        { label: '密码算法', value: suiteText[lot.suite] ?? lot.suite },
      ]}
    />
  )
}
