/** The one stage (信封) of a lot whose files are opened together. */
export const policyStage = 'main'

/** Roles a bid's files may have, in the order of the form: 开标一览表, 技术标, 商务标, attachments. */
export const policyRoles = [
  'price',
  'technical',
  'business',
  ...Array.from({ length: 9 }, (_, i) => `attachment${i + 1}`),
] as const
