// The measured server, in a process of its own. It is the real service, except that one address never finishes, and
// that @fastify/static also serves the folder of pictures, for comparison. Arguments: the data folder, that address.
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'
import app, { serverOptions } from '../../app.ts'
import { createConfig } from '../../lib/config/config.ts'
import type { Artist } from '../../lib/image/artist.ts'
import { createLocalArtist } from '../../lib/image/local/artist.ts'
import { createEncodeQueue } from '../../lib/image/encode-queue.ts'

const [dataDir, endless] = process.argv.slice(2) as [string, string]
const local = createLocalArtist(createEncodeQueue())
const artist: Artist = {
  provider: 'local',
  compose: (dress) =>
    dress.original === endless ? { draw: () => new Promise(() => {}) } : local.compose(dress)
}

const server = Fastify(serverOptions)
await server.register(app, { config: createConfig({ TB_DALLE_DATA_DIR: dataDir }), artist })
await server.register(fastifyStatic, {
  root: join(dataDir, 'output'),
  prefix: '/static/',
  decorateReply: false
})
process.stdout.write(`${await server.listen({ port: 0 })}\n`)
