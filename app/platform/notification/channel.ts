export const channels = ['sms', 'voice', 'email'] as const
export type Channel = (typeof channels)[number]

/** One message on its way. `id` stays the same however often it is sent: receivers tell a repeat by it. */
export interface Delivery {
  id: string
  channel: Channel
  /** Telephone number or mail address. */
  to: string
  text: string
}

/** The receiver will never take this message: wrong number, refused content. It is noted and not sent again. */
export class Undeliverable extends Error {
  override name = 'Undeliverable'
}
