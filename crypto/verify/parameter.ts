// The outsider's check of parameters drawn at an opening: the draw is computed again, and every key is held against what its bid was committed to.
import { unbase64 } from '../bytes.ts'
import { parseHead } from '../header.ts'
import { messageHash, readMessage } from '../messages.ts'
import { logSigned } from '../note.ts'
import { drawHolds, fitsFileKey, type ParameterPart, type ParameterTranscript, parameterTranscript } from '../parameter.ts'
import { base64Text, type Checked, expectShape, list, oneOf, record, text } from '../schema.ts'
import { nodeSuites } from '../suite-node.ts'
import { broken, type Finding, holds, judge } from './finding.ts'
import { type Belief, checkpointFindings, timeStampFinding } from './trust.ts'

const proof = record({
  t: oneOf('tbid/parameter.proof@1'),
  transcript: parameterTranscript,
  /** Of each part: the bid's statement as it was signed, and the first bytes of its price file. */
  bids: list(record({ statement: text(/^[\s\S]{1,1000000}$/u), head: base64Text(1, 66_000) })),
})
export type ParameterProof = Checked<typeof proof>

/** The key is that of the price file which this statement names, in this lot. */
function partHolds({ lot, round }: ParameterTranscript, part: ParameterPart, bids: ParameterProof['bids']): boolean {
  const bid = bids.find(one => messageHash(one.statement) === part.statement)
  if (!bid) return false
  const statement = readMessage('tbid/submit@1', bid.statement)
  const file = statement.files.find(one => one.fileId === part.fileId && one.role === 'price')
  const head = parseHead(nodeSuites, unbase64(bid.head))
  const isNamed = head.hash === file?.head && head.header.bind.fileId === part.fileId
  return isNamed && statement.lot === lot && statement.round === round && fitsFileKey(head, part.key)
}

function drawFindings({ transcript, bids }: ParameterProof): Finding[] {
  const { drawn, parts } = transcript
  const values = drawn.map(one => `${one.name} = ${one.value}`).join('，')
  const misfit = parts.filter(part => judge('', '', '', () => partHolds(transcript, part, bids)).result === 'broken')
  return [
    judge('parameter-draw', `重算种子和抽取结果，与公布的一致：${values}`, '重算的抽取结果与公布的不一致', () =>
      drawHolds(transcript),
    ),
    misfit.length === 0
      ? holds('parameter-keys', `参与抽取的 ${parts.length} 把密钥，均与各投标文件截标前的承诺相符`)
      : broken(
          'parameter-keys',
          `有 ${misfit.length} 把密钥与投标文件的承诺不符：${misfit.map(one => one.statement).join('、')}`,
        ),
  ]
}

/** Judges a file of tbid/parameter.proof@1. Never throws. */
export function verifyParameterFile(value: unknown, belief: Belief): Finding[] {
  try {
    const given = expectShape(proof, value, 'parameter proof')
    const { note, token } = given.transcript
    const stamp = token
      ? [timeStampFinding('parameter-time', unbase64(token), new TextEncoder().encode(logSigned(note)), belief)]
      : []
    return [...drawFindings(given), ...checkpointFindings(note, belief, token === null), ...stamp]
  } catch (error) {
    return [broken('malformed', `文件格式不符：${error instanceof Error ? error.message : ''}`)]
  }
}
