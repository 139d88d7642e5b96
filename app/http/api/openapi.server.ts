import { z } from 'zod'
import { permissions } from '~/platform/identity/permission'
import type { AnyEndpoint } from './endpoint.server'

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => writeAsText(zodSchema, jsonSchema),
  })

/** Dates and 分 travel as text. */
function writeAsText(zodSchema: unknown, jsonSchema: Record<string, unknown>): void {
  const kind = (zodSchema as { _zod: { def: { type: string } } })._zod.def.type
  if (kind === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
  if (kind === 'bigint') Object.assign(jsonSchema, { type: 'string', pattern: '^-?[0-9]+$' })
}

const problem = {
  description: 'problem+json (RFC 9457) with a stable code',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

function parametersOf(endpoint: AnyEndpoint) {
  const list = (schema: z.ZodType | undefined, place: 'path' | 'query') => {
    const json = schema ? (schemaOf(schema, 'input') as { properties?: Record<string, object>; required?: string[] }) : {}
    return Object.entries(json.properties ?? {}).map(([name, s]) => ({
      name,
      in: place,
      required: place === 'path' || (json.required ?? []).includes(name),
      schema: s,
    }))
  }
  const named = [...endpoint.path.matchAll(/:(\w+)/g)].map(match => match[1]!)
  const declared = list(endpoint.params, 'path')
  const missing = named
    .filter(name => !declared.some(p => p.name === name))
    .map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return [...declared, ...missing, ...list(endpoint.query, 'query')]
}

function contentOf(endpoint: AnyEndpoint) {
  if (endpoint.answer === 'file') return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  if (endpoint.answer === 'text') return { 'text/plain': { schema: { type: 'string' } } }
  return { 'application/json': { schema: schemaOf(endpoint.answer, 'output') } }
}

function operationOf(endpoint: AnyEndpoint) {
  const audience = permissions[endpoint.permission as keyof typeof permissions]
  return {
    summary: endpoint.summary,
    tags: [endpoint.tag],
    description: `Permission: ${endpoint.permission} (${Array.isArray(audience) ? audience.join(', ') : audience})`,
    ...(audience === 'public' ? { security: [] } : {}),
    parameters: parametersOf(endpoint),
    ...(endpoint.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } }
      : {}),
    responses: { [String(endpoint.status ?? 200)]: { description: 'done', content: contentOf(endpoint) }, default: problem },
  }
}

/** The OpenAPI 3.1 document of these endpoints, from the schemas that validate them. */
export function openApiOf(endpoints: AnyEndpoint[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(endpoint) }
  }
  const text = { type: 'string' }
  const Problem = {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      code: text,
      detail: text,
      instance: text,
      fields: { type: 'object', additionalProperties: text },
      facts: { type: 'object', additionalProperties: text },
    },
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '公共资源交易平台 API',
      version: '1',
      description: 'Writes accept Idempotency-Key. 分 (bigint) travels as a decimal string.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'sid' } },
      schemas: { Problem },
    },
    paths,
  }
}
