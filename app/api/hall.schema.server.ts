import { z } from 'zod'
import { caseStates, stepActions } from '@/db/schema/hall/case'
import { caseKinds, itemKinds } from '@/db/schema/hall/catalogue'
import { complaintKinds, complaintStates } from '@/db/schema/hall/rating'

/** What the hall's endpoints answer. Days are YYYY-MM-DD, instants ISO 8601. */
const id = z.uuid()
const day = z.string()
const at = z.date()

const material = z.object({
  code: z.string(),
  name: z.string(),
  isRequired: z.boolean(),
  form: z.string(),
  standard: z.string(),
  basis: z.string(),
})

const guide = z.object({
  basis: z.array(z.string()),
  audience: z.string(),
  conditions: z.array(z.string()),
  steps: z.array(z.object({ name: z.string(), days: z.string(), standard: z.string(), result: z.string() })),
  result: z.string(),
  fee: z.string(),
  place: z.string(),
  hours: z.string(),
  phone: z.string(),
  supervision: z.string(),
})

export const itemAnswer = z.object({
  id,
  code: z.string(),
  version: z.number(),
  name: z.string(),
  kind: z.enum(itemKinds),
  caseKind: z.enum(caseKinds),
  regionCode: z.string(),
  organisationName: z.string(),
  legalDays: z.number(),
  promisedDays: z.number(),
  materials: z.array(material),
  guide,
  publishedAt: at,
  withdrawnAt: at.nullable(),
})

export const moved = z.object({ state: z.string() })

const light = z.enum(['green', 'yellow', 'red'])

export const caseBrief = z.object({
  id,
  number: z.string(),
  itemName: z.string(),
  state: z.enum(caseStates),
  submittedAt: at,
  noticeDueOn: day,
  promisedOn: day.nullable(),
  regionCode: z.string(),
  dueOn: day.optional(),
  light: light.optional(),
})

const step = z.object({
  id,
  action: z.enum(stepActions),
  text: z.string(),
  paperNumber: z.string(),
  actorName: z.string(),
  at,
})

export const caseAnswer = z.looseObject({
  id,
  number: z.string(),
  state: z.enum(caseStates),
  item: z.looseObject({ id, code: z.string(), name: z.string() }),
  applicant: z.object({ name: z.string(), idNumber: z.string(), phone: z.string() }),
  submittedAt: at,
  receivedAt: at,
  noticeDueOn: day,
  acceptedAt: at.nullable(),
  isAcceptedByDefault: z.boolean(),
  promisedOn: day.nullable(),
  legalDueOn: day.nullable(),
  isProvisional: z.boolean(),
  overdueAt: at.nullable(),
  decidedAt: at.nullable(),
  dueOn: day.nullable(),
  light: light.nullable(),
  steps: z.array(step),
  materials: z.array(z.object({ code: z.string(), fileId: id, name: z.string(), size: z.number(), sha256: z.string() })),
  rating: z.object({ stars: z.number(), text: z.string(), ratedAt: at }).nullable(),
})

export const proofAnswer = z.object({
  t: z.literal('tbid/inclusion@1'),
  payload: z.record(z.string(), z.unknown()),
  salt: z.string(),
  idx: z.number(),
  proof: z.array(z.string()),
  checkpoint: z.string(),
})

export const complaintAnswer = z.object({
  id,
  number: z.string(),
  kind: z.enum(complaintKinds),
  state: z.enum(complaintStates),
  caseId: id.nullable(),
  caseNumber: z.string().nullable(),
  regionCode: z.string(),
  text: z.string(),
  filedAt: at,
  dueOn: day,
  isExtended: z.boolean(),
  extensionReason: z.string(),
  answer: z.string(),
  answeredAt: at.nullable(),
})
