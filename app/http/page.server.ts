import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from '@remix-run/node'
import type { z } from 'zod'
import type { Actor, Ctx } from '~/platform/ctx'
import { authorise } from '~/platform/identity/authorise.server'
import { type Permission, permissions } from '~/platform/identity/permission'
import type { FormReply } from '~/shared/form-reply'
import { Refusal } from '~/shared/refusal'

type Params = Record<string, string>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Ids in an address are UUIDs: anything else names nothing, and must not reach a query. */
function checkedParams(params: Record<string, string | undefined>): Params {
  const isBad = Object.entries(params).some(([name, value]) => /(^id|Id)$/.test(name) && !uuid.test(value ?? ''))
  if (isBad) throw new Refusal('not-found')
  return params as Params
}

const isRefusal = (error: unknown): error is Refusal => error instanceof Error && error.name === 'Refusal'

const isPermission = (name: string): name is Permission => name in permissions

/** A page needs its own permission, and below a desk (/agency/…) a place at that desk: layouts alone do not guard what is under them. */
function authorisePage(actor: Actor, permission: Permission, request: Request): void {
  const gate = `desk.${new URL(request.url).pathname.split('/')[1]}`
  if (isPermission(gate)) authorise(actor, gate)
  authorise(actor, permission)
}

/** A refusal becomes a page of its status; a guest is sent to sign in first. */
function answerRefusal(error: unknown, request: Request): never {
  if (!isRefusal(error)) throw error
  if (error.code === 'not-signed-in') {
    const url = new URL(request.url)
    throw redirect(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`)
  }
  throw data({ code: error.code, text: error.text }, { status: error.status })
}

/** A loader: who, may they, read. `params` are the route's. */
export async function page<R>(
  { request, params, context }: LoaderFunctionArgs,
  permission: Permission,
  read: (ctx: Ctx, params: Params, url: URL) => Promise<R>,
): Promise<R> {
  try {
    if (request.url.includes('%00')) throw new Refusal('not-found') // PostgreSQL keeps no NUL in text
    const ctx = await context.ctx()
    authorisePage(ctx.actor, permission, request)
    return await read(ctx, checkedParams(params), new URL(request.url))
  } catch (error) {
    return answerRefusal(error, request)
  }
}

/**
 * An action: who, may they, is it well formed, do it. A slip answers 422 and a refusal its own status, both as a FormReply
 * on the same page with every typed value kept; anything else flies.
 */
export async function submit<S extends z.ZodType, R>(
  { request, params, context }: ActionFunctionArgs,
  permission: Permission,
  form: S,
  run: (ctx: Ctx, params: Params, input: z.output<S>, values: FormData) => Promise<R>,
) {
  const body = await request.formData()
  const values = textValues(body)
  const reply = (problem: string, fields: Record<string, string>, status: number) =>
    data<FormReply>({ problem, fields, values }, { status })
  try {
    const ctx = await context.ctx()
    authorisePage(ctx.actor, permission, request)
    if (Object.values(values).some(value => value.includes('\0'))) throw new Refusal('bad-input', { reason: 'NUL' })
    const parsed = form.safeParse(formValues(body))
    if (!parsed.success) return reply('请改正以下内容', fieldsOf(parsed.error), 422)
    return await run(ctx, checkedParams(params), parsed.data, body)
  } catch (error) {
    if (!isRefusal(error) || error.code === 'not-signed-in') return answerRefusal(error, request)
    const field = error.facts.field
    return reply(error.text, field ? { [field]: error.text } : {}, error.status)
  }
}

/**
 * As `submit`, for a form with a file: a form is read whole, so one that is larger than `most` bytes, or does not say how large it is, is refused
 * before it is read.
 */
export async function submitFile<S extends z.ZodType, R>(
  args: ActionFunctionArgs,
  permission: Permission,
  { form, most }: { form: S; most: number },
  run: (ctx: Ctx, params: Params, input: z.output<S>, values: FormData) => Promise<R>,
) {
  try {
    // Whoever may not act sends nothing that is read.
    authorisePage((await args.context.ctx()).actor, permission, args.request)
  } catch (error) {
    answerRefusal(error, args.request)
  }
  const size = Number(args.request.headers.get('content-length') ?? Number.NaN)
  if (size <= most + 65_536) return submit(args, permission, form, run)
  const refusal = new Refusal('file-too-big', { file: '所选文件', limit: `${Math.round(most / 1_048_576)} MB` })
  return data<FormReply>({ problem: refusal.text, fields: { file: refusal.text }, values: {} }, { status: refusal.status })
}

/** Text fields as typed, a repeated one a line each; passwords are not echoed. */
function textValues(body: FormData): Record<string, string> {
  const names = [...new Set(body.keys())].filter(name => !name.includes('assword'))
  const texts = (name: string) => body.getAll(name).filter(value => typeof value === 'string')
  return Object.fromEntries(names.map(name => [name, texts(name).join('\n')]))
}

/** A field that occurs several times becomes an array; files stay files. */
function formValues(body: FormData): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const key of new Set(body.keys())) {
    const all = body.getAll(key)
    values[key] = all.length > 1 ? all : all[0]
  }
  return values
}

const fieldsOf = (error: z.ZodError) => Object.fromEntries(error.issues.map(issue => [issue.path.join('.'), issue.message]))
