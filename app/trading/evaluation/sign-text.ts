/** What a member's word on the report is about. */
export type SignScope = { platform: string; project: string; lot: string; round: number; reportHash: string }
export type MemberAnswer = 'sign' | 'dissent' | 'refuse'
export type GivenWord = { answer: MemberAnswer; reason: string }

/**
 * What a member signs (tbid/evaluation.sign@1): canonical JSON (RFC 8785), whose member order is written out here because the
 * page that shows the report may not use crypto.
 */
export function signStatement(scope: SignScope, { answer, reason }: GivenWord): string {
  const { lot, platform, project, reportHash, round } = scope
  return JSON.stringify({ answer, lot, platform, project, reason, reportHash, round, t: 'tbid/evaluation.sign@1' })
}
