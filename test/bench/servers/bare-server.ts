// A Fastify server of a few lines, for comparison: `bare-server.js '{"/path": {"file", "type"}}'` sends files from
// memory. `/not-modified` answers 304. It has no log.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const files = JSON.parse(process.argv[2] ?? '{}') as Record<string, { file: string; type: string }>
const server = Fastify()
for (const [path, { file, type }] of Object.entries(files)) {
  const bytes = readFileSync(file)
  server.get(path, (_request, reply) =>
    reply.header('content-type', type).header('etag', '"bare"').send(bytes)
  )
}
server.get('/not-modified', (_request, reply) => reply.code(304).header('etag', '"bare"').send())
process.stdout.write(`${await server.listen({ port: 0, host: '127.0.0.1' })}\n`)
