import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { manifestOf, manifestOfVersion, recordsOf } from '../../../lib/dress/records.ts'
import { errors, quote } from '../../../lib/errors.ts'
import { DatabaseManifestSchema, DatabaseRecordsSchema } from '../../../lib/schemas/databases.ts'
import { answer, responsesOf, speakV1 } from '../answers.ts'

const LIMIT_DEFAULT = 200
const LIMIT_MAX = 10_000
const INTEGER = /^[+-]?\d+$/
const CURSOR = /^([a-z]+)\.(\d{1,9})$/

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { databases } = fastify.dresses
  fastify.addSchema(DatabaseManifestSchema)
  fastify.addSchema(DatabaseRecordsSchema)
  speakV1(fastify)
  const version = Type.String({
    description: 'The version of the databases; the `v` in front may be missing.',
    examples: [databases.version]
  })

  fastify.get(
    '/',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'listDatabases',
        tags: ['Databases'],
        summary: 'List the sets of databases',
        description: 'The manifest of the databases in use: their files with hashes, rows and columns.',
        response: responsesOf(Type.Array(Type.Ref('DatabaseManifest')), 'A list of one manifest.')
      },
      config: { isCrossOrigin: true }
    },
    async (_request, reply) => answer(reply, [manifestOf(databases)])
  )

  fastify.get(
    '/:version',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'getDatabases',
        tags: ['Databases'],
        summary: 'Get one set of databases',
        description: 'The manifest of a version. Only the version in use is there.',
        errors: ['database_version_unavailable'],
        params: Type.Object({ version }),
        response: responsesOf(Type.Ref('DatabaseManifest'), 'The manifest.')
      },
      config: { isCrossOrigin: true }
    },
    async ({ params }, reply) => answer(reply, manifestOfVersion(databases, params.version))
  )

  fastify.get(
    '/:version/records/:name',
    {
      exposeHeadRoute: false,
      schema: {
        operationId: 'listDatabaseRecords',
        tags: ['Databases'],
        summary: 'List the rows of a database',
        description:
          'The rows of a database, in parts: `nextCursor` of one answer is the `cursor` of the next.',
        errors: ['invalid_input', 'database_version_unavailable'],
        params: Type.Object({
          version,
          name: Type.String({ description: 'The name of the database.', examples: ['nouns'] })
        }),
        querystring: Type.Object({
          limit: Type.Optional(
            Type.String({
              description: 'Rows of an answer, 1 to 10000; 200 without it, or below 1.',
              examples: ['5']
            })
          ),
          cursor: Type.Optional(
            Type.String({ description: '`nextCursor` of the answer before.', examples: ['nouns.200'] })
          )
        }),
        response: responsesOf(Type.Ref('DatabaseRecords'), 'The rows.')
      },
      config: { isCrossOrigin: true }
    },
    async ({ params, query }, reply) => {
      const limit = limitOf(query.limit)
      const start = query.cursor === undefined ? undefined : readCursor(query.cursor)
      const { next, ...found } = recordsOf(databases, params.name, start?.from ?? 0, limit)
      if (start !== undefined && start.name !== found.name) {
        throw invalidCursor(query.cursor!, `it belongs to ${start.name}`)
      }
      return answer(reply, { ...found, nextCursor: next === undefined ? null : `${found.name}.${next}` })
    }
  )
}

export default fp(routes, { name: 'routes/v1/databases', encapsulate: true, fastify: '5.x' })

function limitOf(text = ''): number {
  const trimmed = text.trim()
  if (trimmed === '') return LIMIT_DEFAULT
  const limit = INTEGER.test(trimmed) ? Number(trimmed) : NaN
  if (Number.isNaN(limit)) {
    throw errors.invalidInput('invalid limit', {
      details: `limit is ${quote(text)}: it must be a whole number from 1 to ${LIMIT_MAX}`
    })
  }
  return limit < 1 ? LIMIT_DEFAULT : Math.min(limit, LIMIT_MAX)
}

function readCursor(text: string): { name: string; from: number } {
  const parts = CURSOR.exec(text)
  if (parts === null) throw invalidCursor(text, 'it must be the nextCursor of an earlier answer')
  return { name: parts[1]!, from: Number(parts[2]) }
}

function invalidCursor(text: string, reason: string) {
  return errors.invalidInput('invalid cursor', { details: `cursor is ${quote(text)}: ${reason}` })
}
