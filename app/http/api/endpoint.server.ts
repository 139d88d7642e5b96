import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Ctx } from '~/platform/ctx'
import type { Permission } from '~/platform/identity/permission'

type Empty = Record<never, never>

export interface Endpoint<P = Empty, Q = Empty, B = undefined, A = unknown> {
  method: 'get' | 'post' | 'put' | 'delete'
  /** Below /api/v1, with Express parameters: '/lots/:lotId'. */
  path: string
  summary: string
  tag: string
  permission: Permission
  params?: z.ZodType<P>
  query?: z.ZodType<Q>
  /** Use z.strictObject: an unknown field is refused. */
  body?: z.ZodType<B>
  /** The answer's schema, for OpenAPI; 'file' for a download, 'text' for text/plain. */
  answer: z.ZodType<A> | 'file' | 'text'
  status?: number
  /** Largest body in bytes; 1 MiB unless told. */
  limit?: number
  handle(ctx: Ctx, input: { params: P; query: Q; body: B }): Promise<A>
}

/** An answer that is not JSON: sent as it is. */
export interface RawAnswer {
  raw: (request: Request, response: Response) => Promise<void> | void
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds endpoints of every shape; each was checked where it was written
export type AnyEndpoint = Endpoint<any, any, any, any>

/** Declares one endpoint of /api/v1; its schemas validate and generate the OpenAPI document. */
export function endpoint<P = Empty, Q = Empty, B = undefined, A = unknown>(
  definition: Endpoint<P, Q, B, A | RawAnswer>,
): AnyEndpoint {
  return definition as AnyEndpoint
}
