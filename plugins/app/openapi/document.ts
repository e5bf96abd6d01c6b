import { OptionalKind } from '@sinclair/typebox'
import Fastify from 'fastify'
import type { HTTPMethods } from 'fastify'
import { VERSION } from '../../../lib/package.ts'
import { operationsOf } from './operations.ts'
import type { Operation } from './operations.ts'

/** In the order of the document. */
const TAGS: Record<string, string> = {
  Pictures: 'One picture for every Ethereum address: get it, make it, remove it.',
  Progress: 'What runs do at the moment, as server-sent events.',
  Gallery: 'All pictures, page by page.',
  Images: 'Prompts and pictures of any text, and what is done with them.',
  Series: 'The series that a picture can belong to.',
  Databases: 'The databases from which the attributes are chosen.',
  NFT: 'Metadata of tokens (ERC-721).',
  Batches: 'Many pictures at once.',
  Service: 'The server itself.'
}

const INFO = {
  title: 'dalleserver',
  version: VERSION,
  summary: 'One deterministic, captioned picture for every Ethereum address.',
  description:
    'JSON answers have one envelope: `success`, `data` or `error`, and `request_id`, which is also in the header ' +
    '`X-Request-ID` of every response. The errors of an operation are listed by status; `4XX` and `5XX` stand for ' +
    'the others, such as a host name that is not of the server. To a request with `Accept: text/html` an error is a ' +
    'page.',
  license: { name: 'MIT', identifier: 'MIT' }
}

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http' as const,
    scheme: 'bearer',
    description:
      'A token of `TB_DALLE_API_TOKENS`. Operations that change something need one where the server has tokens, or ' +
      'can be reached from other machines. One of `TB_DALLE_METRICS_TOKENS` reads metrics, errors and health only.'
  }
}

/** The part of the document that is completed. */
interface Document {
  paths?: Record<string, Record<string, { operationId?: string; requestBody?: { required?: boolean } }>>
}

export interface DocumentOptions {
  routes: Operation[]
  /** The schemas that the routes refer to. */
  schemas: object[]
  /** What the URLs of the routes begin with. */
  prefix: string
  /** The path under which clients find the service; empty at the root. */
  basePath: string
}

/**
 * Makes the OpenAPI document. @fastify/swagger describes the routes of the instance in which it is registered; that is
 * an instance of its own here, so that no route of another application is in the document, and the server does not
 * load the package before somebody asks for the document.
 */
export async function createDocument({
  routes,
  schemas,
  prefix,
  basePath
}: DocumentOptions): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger')
  const operations = routes.flatMap(operationsOf)
  const shared = new Map<string, object>()
  collectShared([schemas, operations], shared)
  const instance = Fastify({ exposeHeadRoutes: false })
  // It answers no request.
  instance.setValidatorCompiler(() => () => true)
  instance.setSerializerCompiler(() => JSON.stringify)

  const used = new Set(operations.flatMap(({ schema }) => schema.tags ?? []))
  await instance.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: basePath === '' ? '/' : basePath, description: 'This server' }],
      tags: Object.entries(TAGS)
        .filter(([name]) => used.has(name))
        .map(([name, description]) => ({ name, description })),
      components: { securitySchemes: SECURITY_SCHEMES },
      // Reading needs no token. The operations that may need one say so.
      security: [{}]
    },
    stripBasePath: false,
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => String($id ?? `def-${index}`) }
  })
  for (const [$id, schema] of shared) {
    instance.addSchema({ ...(withReferences(schema, shared) as object), $id })
  }
  for (const { method, url, schema } of operations) {
    instance.route({
      method: method as HTTPMethods,
      url: url.slice(prefix.length) || '/',
      schema: withReferences(schema, shared) as object,
      handler: async () => {}
    })
  }
  await instance.ready()
  const document = instance.swagger() as Document
  await instance.close()
  return requireBodies(document, operations)
}

/** Adds each schema with an `$id`, however deep it is, by its `$id`. */
function collectShared(value: unknown, shared: Map<string, object>): void {
  if (typeof value !== 'object' || value === null) return
  if ('$id' in value && typeof value.$id === 'string') shared.set(value.$id, value)
  for (const inner of Object.values(value)) collectShared(inner, shared)
}

/** A schema with a reference in place of each shared schema in it. */
function withReferences(value: unknown, shared: ReadonlyMap<string, object>): unknown {
  if (Array.isArray(value)) return value.map((each) => withReferences(each, shared))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      const id = (inner as { $id?: string } | null)?.$id
      const isShared = typeof id === 'string' && shared.has(id)
      return [key, isShared ? { $ref: `${id}#` } : withReferences(inner, shared)]
    })
  )
}

/** @fastify/swagger requires a body only if one of its properties is required. */
function requireBodies(document: Document, operations: Operation[]): object {
  const optional = new Set(
    operations
      .filter(({ schema }) => schema.body !== undefined && OptionalKind in (schema.body as object))
      .map(({ schema }) => schema.operationId)
  )
  const paths = Object.values(document.paths ?? {})
  for (const { operationId, requestBody } of paths.flatMap((path) => Object.values(path ?? {}))) {
    if (requestBody !== undefined) requestBody.required = !optional.has(operationId)
  }
  return document
}
