/** What a bidder's word on the record is about. */
export type AnswerScope = { platform: string; project: string; lot: string; round: number; org: string; recordHash: string }
export type GivenAnswer = { answer: 'no-objection' | 'objection'; text: string }

/**
 * What a bidder signs to confirm the record or to object to it (tbid/opening.confirm@1): canonical JSON (RFC 8785), whose
 * member order is written out here because the page that shows it may not use crypto.
 */
export function answerTextOf(scope: AnswerScope, { answer, text }: GivenAnswer): string {
  const { lot, org, platform, project, recordHash, round } = scope
  return JSON.stringify({ answer, lot, org, platform, project, recordHash, round, t: 'tbid/opening.confirm@1', text })
}
