import fp from 'fastify-plugin'
import { checksumProblem } from '../../lib/checksum.ts'

declare module 'fastify' {
  interface FastifyReply {
    /**
     * Sets `X-Address-Checksum: invalid` if the text is an address with a wrong checksum (EIP-55).
     * @returns why the request is to be refused; undefined without TB_DALLE_STRICT_CHECKSUM, and if nothing is wrong
     */
    noteChecksum: (text: string) => string | undefined
  }
}

const EXTENSION = /\.[a-z]+$/i

/** `reply.noteChecksum(text)`. The address in the path of a route is noted for each request. */
export default fp(
  async (fastify) => {
    fastify.decorateReply('noteChecksum', function (text) {
      const problem = checksumProblem(text)
      if (problem !== undefined) this.header('X-Address-Checksum', 'invalid')
      return this.server.config.strictChecksum ? problem : undefined
    })
    fastify.addHook('onRequest', async (request, reply) => {
      const { address } = (request.params ?? {}) as { address?: unknown }
      if (typeof address === 'string') reply.noteChecksum(address.replace(EXTENSION, ''))
    })
  },
  { name: 'address-checksum', dependencies: ['request-log'], fastify: '5.x' }
)
