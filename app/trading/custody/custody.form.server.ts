import { z } from 'zod'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/, '应为 base64')
/** A detached CMS in base64. */
export const cmsField = base64.max(65_536)
/** The canonical text of a signed message. */
export const messageField = z.string().min(2).max(262_144)

export const custodyKeyBody = z.strictObject({ message: messageField, cms: cmsField, wrappedKey: base64.max(8_192) })
export type CustodyKeyInput = z.output<typeof custodyKeyBody>

export const policyBody = z.strictObject({ payload: messageField, cms: cmsField })
export const cosignatureBody = z.strictObject({ cms: cmsField })
