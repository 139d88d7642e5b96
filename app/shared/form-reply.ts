/** What a form post answers when it does not lead elsewhere: one problem, what is wrong by field, and everything that was typed. */
export type FormReply = { problem: string; fields: Record<string, string>; values: Record<string, string> }

/** The reply, if it is to the form that posts this intent: a page with several forms shows a refusal at its own one only. */
export const replyTo = (reply: FormReply | undefined, intent: string): FormReply | undefined =>
  reply?.values.intent === intent ? reply : undefined
