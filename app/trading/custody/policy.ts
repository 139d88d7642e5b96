/** Roles a bid's files may have, in the order of the form: 开标一览表, 技术标, 商务标, attachments. */
export const policyRoles = [
  'price',
  'technical',
  'business',
  ...Array.from({ length: 9 }, (_, i) => `attachment${i + 1}`),
] as const

export type EnvelopeStage = { stage: string; roles: string[] }

/** What is opened together: everything, or (双信封) first all but the price, and the price later. In the order of opening. */
export function stagesOf(envelopes: 1 | 2): EnvelopeStage[] {
  if (envelopes === 1) return [{ stage: 'main', roles: [...policyRoles] }]
  return [
    { stage: 'technical', roles: policyRoles.filter(role => role !== 'price') },
    { stage: 'price', roles: ['price'] },
  ]
}

/** The stage an opening begins with, where it does not open everything at once. */
export const firstStageOf = (envelopes: 1 | 2): string | null => (envelopes === 1 ? null : stagesOf(2)[0]!.stage)
