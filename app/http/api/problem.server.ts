import type { Response } from 'express'
import type { ZodError } from 'zod'
import { Refusal } from '~/shared/refusal'

/** RFC 9457 problem+json with a stable `code`; `fields` names what was malformed. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  instance: string
  fields?: Record<string, string>
  facts?: Record<string, string>
}

export function sendProblem(response: Response, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

const base = (code: string, status: number, title: string, detail: string, requestId: string): Problem => ({
  type: `/problems/${code}`,
  title,
  status,
  code,
  detail,
  instance: `/requests/${requestId}`,
})

/** A malformed request: which fields, and why. */
export function slipProblem(error: ZodError, requestId: string): Problem {
  const fields = Object.fromEntries(error.issues.map(issue => [issue.path.join('.') || '(body)', issue.message]))
  return { ...base('bad-input', 422, 'malformed request', '请求内容不符合接口要求', requestId), fields }
}

/** The problem of any error: a refusal says its code and sentence, anything else only its request number. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof Refusal || (error instanceof Error && error.name === 'Refusal')) {
    const refusal = error as Refusal
    return { ...base(refusal.code, refusal.status, refusal.code, refusal.text, requestId), facts: refusal.facts }
  }
  const status = (error as { status?: number })?.status
  if (status === 413) return base('file-too-big', 413, 'body too large', '请求内容超过上限', requestId)
  if (status === 400) return base('bad-input', 400, 'malformed JSON', '请求内容不是合法的 JSON', requestId)
  return base('fault', 500, 'internal fault', '平台内部故障，已记录。请凭请求编号联系平台。', requestId)
}
