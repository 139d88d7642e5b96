import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const ownMachine = 'must be an address of the visitor’s own machine, without a path'

const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis://')
    .optional(),
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data'),
  PLATFORM_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .default('E3500000717'),
  PUBLIC_URL: z.string().url().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** 'sandbox' accepts demo certificates and offers the 演练 edition; 'production' refuses both. */
  SCOPE: z.enum(['sandbox', 'production']).default('sandbox'),
  /** Where the middleware of USB keys listens on a visitor's own machine (crypto/README.md, `tbid-key/1`): 'none', or at most five. */
  USB_KEY_URLS: z
    .string()
    .transform(list => (list === 'none' ? [] : list.split(',')))
    .pipe(z.array(z.string().regex(/^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/, ownMachine)).max(5))
    .default(['http://127.0.0.1:18789']),
  TSA_URL: z.string().url().optional(),
  SMTP_URL: z
    .string()
    .regex(/^(?:smtps?:\/\/|console:$)/)
    .optional(),
  /** Gateway for text messages and voice calls (docs/contact-gateway.md). */
  CONTACT_URL: z
    .string()
    .url()
    .regex(/^(?:https?:|console:$)/)
    .optional(),
  CONTACT_TOKEN: z.string().max(500).optional(),
})

export interface Config {
  databaseUrl: string | undefined
  redisUrl: string | undefined
  port: number
  host: string
  dataDir: string
  platformId: string
  publicUrl: string | undefined
  logLevel: string
  isSandbox: boolean
  usbKeyUrls: string[]
  tsaUrl: string | undefined
  smtpUrl: string | undefined
  contactUrl: string | undefined
  contactToken: string | undefined
}

/** Reads the environment. Throws one line per wrong value, naming the variable. */
export function readConfig(env: Record<string, string | undefined>, root = process.cwd()): Config {
  const blank = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(blank)
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
  }
  const e = parsed.data
  return {
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL,
    port: e.PORT,
    host: e.HOST,
    dataDir: isAbsolute(e.DATA_DIR) ? e.DATA_DIR : resolve(root, e.DATA_DIR),
    platformId: e.PLATFORM_ID,
    publicUrl: e.PUBLIC_URL,
    logLevel: e.LOG_LEVEL,
    isSandbox: e.SCOPE === 'sandbox',
    usbKeyUrls: e.USB_KEY_URLS,
    tsaUrl: e.TSA_URL,
    smtpUrl: e.SMTP_URL,
    contactUrl: e.CONTACT_URL,
    contactToken: e.CONTACT_TOKEN,
  }
}
