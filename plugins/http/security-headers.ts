import fp from 'fastify-plugin'
import { hostName } from '../../lib/access/hosts.ts'
import type { Config } from '../../lib/config/config.ts'
import { isOwnServer } from './request-log/request-id.ts'

/** One year. Other hosts of the domain are not this server's to decide about. */
const TRANSPORT_SECURITY = 'max-age=31536000'

/**
 * The security headers of every response; pages add their content security policy. @fastify/helmet is not used: most
 * of its defaults would have to be taken back, because pictures are for pages of other sites, and TLS is optional.
 */
export default fp<{ config: Config }>(
  async (fastify, { config: { publicUrl } }) => {
    const url = publicUrl === undefined ? undefined : new URL(publicUrl)
    const secureName = url?.protocol === 'https:' ? hostName(url.host) : undefined

    fastify.addHook('onRequest', async (request, reply) => {
      reply.header('Referrer-Policy', 'no-referrer')
      const isSecure =
        request.protocol === 'https' ||
        (secureName !== undefined && hostName(request.raw.headers.host ?? '') === secureName)
      // Another application decides about its own name.
      if (isSecure && isOwnServer(fastify)) reply.header('Strict-Transport-Security', TRANSPORT_SECURITY)
    })
  },
  { name: 'security-headers', dependencies: ['request-log'], fastify: '5.x' }
)
