/** What a form post answers when it does not lead elsewhere: one problem, what is wrong by field, and everything that was typed. */
export type FormReply = { problem: string; fields: Record<string, string>; values: Record<string, string> }
