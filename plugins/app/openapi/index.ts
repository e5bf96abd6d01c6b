import { createHash } from 'node:crypto'
import type { TSchema } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../../lib/config/config.ts'
import type { ErrorCode } from '../../../lib/errors.ts'
import { createDocument } from './document.ts'
import type { Operation } from './operations.ts'

declare module 'fastify' {
  interface FastifyInstance {
    openapi: OpenApi
  }
  // What only the OpenAPI document needs. Fastify ignores these.
  interface FastifySchema {
    /** The codes of the errors that the route answers with, beside those of every route. */
    errors?: readonly ErrorCode[]
    /** Whether the route calls `reply.noteChecksum`. An address in the path is noted without it. */
    notesChecksum?: boolean
    /** Headers of a request that the route reads itself. */
    requestHeaders?: TSchema
    /** The JSON body that the route reads itself. One that may be absent is optional (`Type.Optional`). */
    requestBody?: TSchema
    /** What the document lists in place of a route that ends with a wildcard, by what the wildcard stands for. */
    operations?: Record<string, FastifySchema>
  }
}

export interface OpenApi {
  /** The document as JSON, with its ETag. It is made at the first call. */
  read: () => Promise<{ text: string; etag: string }>
  /** Ends the list of routes: what is added later belongs to the application in which the service is registered. */
  close: () => void
}

/** `fastify.openapi`: the OpenAPI document of the routes that are added after this plugin. */
export default fp<{ config: Config }>(
  async (fastify, { config }) => {
    const hasMetricsPort = config.metricsPort !== undefined
    const routes: Operation[] = []
    const contexts = new Set<FastifyInstance>()
    let isOpen = true
    let made: ReturnType<OpenApi['read']> | undefined

    fastify.addHook('onRoute', function ({ method, url, schema, config: routeConfig }) {
      const isElsewhere = hasMetricsPort && routeConfig?.metricsPort === 'only'
      if (!isOpen || isElsewhere || schema === undefined || schema.hide === true) return
      contexts.add(this)
      const methods = [method].flat().filter((each) => each !== 'HEAD')
      routes.push(...methods.map((each) => ({ method: each, url, schema })))
    })

    async function make() {
      const schemas = [...contexts].flatMap((context) => Object.values(context.getSchemas()) as object[])
      const { prefix, basePath } = fastify
      const text = JSON.stringify(await createDocument({ routes, schemas, prefix, basePath }))
      return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"` }
    }

    fastify.decorate('openapi', {
      read: async () => await (made ??= make()),
      close: () => {
        isOpen = false
      }
    })
  },
  { name: 'openapi', dependencies: ['config'], fastify: '5.x' }
)
