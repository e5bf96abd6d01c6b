import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { demandValidManifest } from '../../../lib/dress/manifest-check.ts'
import { manifestOf } from '../../../lib/dress/records.ts'
import { answer, responsesOf, speakV1 } from '../answers.ts'

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  speakV1(fastify)

  fastify.post(
    '/',
    {
      schema: {
        operationId: 'validateDatabases',
        tags: ['Databases'],
        summary: 'Check the manifest of the databases',
        description: 'Checks the manifest of the databases in use. The body of the request is ignored.',
        errors: ['database_manifest_invalid'],
        response: responsesOf(Type.Object({ valid: Type.Literal(true) }), 'The manifest is valid.')
      }
    },
    async (_request, reply) => {
      demandValidManifest(manifestOf(fastify.dresses.databases))
      return answer(reply, { valid: true as const })
    }
  )
}

export default fp(routes, { name: 'routes/v1/validate', encapsulate: true, fastify: '5.x' })
