import { createHash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import fresh from 'fresh'
import { checksumAddress } from '../../lib/checksum.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { errors } from '../../lib/errors.ts'
import { describeCollection, describeToken, exampleAddress } from '../../lib/nft/metadata.ts'
import { errorResponses } from '../../lib/schemas/api.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import { CollectionSchema, TokenSchema } from '../../lib/schemas/nft.ts'
import { seriesName } from '../../lib/storage/layout.ts'
import { segmentsOf } from '../../plugins/app/targets/index.ts'
import type { Target } from '../../plugins/app/targets/index.ts'

const ROUTE = '/nft'

const SeriesParam = Type.String({ description: 'The name of a series', examples: ['simple'] })
const AddressParam = Type.String({
  description: '`0x` and 40 hexadecimal digits in any case; `.json` may follow',
  examples: ['0xf503017D7baF7FBC0fff7492b751025c6A78179b']
})
const unchanged = Type.Null({ description: 'The ETag in If-None-Match is the current one' })
/** Contracts often name their files. */
const EXTENSION = /\.json$/i
/** 162 bits of the hash of the body. */
const ETAG_CHARACTERS = 27

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, dresses, generation, pictures } = fastify
  fastify.addSchema(TokenSchema)
  fastify.addSchema(CollectionSchema)
  fastify.addHook('onSend', sendIfChanged)

  /** The dress that the picture was made from; without a picture, and where nothing is recorded, that of today. */
  async function dressOf({ series, address, isOffered }: Target): Promise<DalleDress> {
    const picture = await pictures.stored.find(series.suffix, address)
    if (picture !== undefined || !isOffered) {
      const recorded = await generation.dressOf(series, address)
      if (recorded.attributes.length > 0 || !isOffered) return recorded
    }
    return prepareDress(dresses.databases, series, address).dress
  }

  fastify.get(
    '/:series/:address',
    {
      schema: {
        operationId: 'getToken',
        summary: 'Metadata of a token',
        description:
          'The metadata of the picture as a token of ERC-721, without an envelope. It exists before the picture does.',
        tags: ['NFT'],
        errors: [
          'INVALID_REQUEST',
          'INVALID_SERIES',
          'INVALID_ADDRESS',
          'MISSING_PARAMETER',
          'SERVICE_UNAVAILABLE'
        ],
        params: Type.Object({ series: SeriesParam, address: AddressParam }),
        response: { 200: Type.Ref('TokenMetadata'), 304: unchanged, ...errorResponses }
      },
      config: { isCostly: true, isCrossOrigin: true }
    },
    async ({ params, publicUrl }, reply) => {
      const target = await fastify.findTarget([params.series, params.address.replace(EXTENSION, '')], ROUTE)
      const { suffix } = target.series
      const [dress, cid] = await Promise.all([dressOf(target), pictures.cids.find(suffix, target.address)])
      const page = `${publicUrl}/preview/${encodeURIComponent(suffix)}/${checksumAddress(target.address)}`
      allowCaching(reply)
      return describeToken({
        dress,
        withPrompts: config.embedPrompt,
        image: imageUrl(publicUrl, suffix, target.address),
        page,
        cid
      })
    }
  )

  fastify.get(
    '/:series',
    {
      schema: {
        operationId: 'getCollection',
        summary: 'Metadata of a collection',
        description: 'The metadata of a series as a contract returns it in contractURI (ERC-7572).',
        tags: ['NFT'],
        errors: ['INVALID_REQUEST', 'INVALID_SERIES', 'MISSING_PARAMETER'],
        params: Type.Object({ series: SeriesParam }),
        response: { 200: Type.Ref('CollectionMetadata'), 304: unchanged, ...errorResponses }
      },
      config: { isCrossOrigin: true }
    },
    async ({ params, publicUrl }, reply) => {
      const series = await dresses.series.get(seriesName(params.series))
      if (series === undefined) throw errors.invalidSeries(params.series)
      const { suffix } = series
      allowCaching(reply)
      return describeCollection(
        series,
        imageUrl(publicUrl, suffix, exampleAddress(suffix)),
        `${publicUrl}/preview?series=${encodeURIComponent(suffix)}`
      )
    }
  )

  // All other paths are errors, which findTarget describes.
  for (const url of ['/', '/*']) {
    fastify.get(
      url,
      { schema: { hide: true, response: errorResponses }, config: { isCrossOrigin: true } },
      async (request) => {
        await fastify.findTarget(segmentsOf(request), ROUTE)
      }
    )
  }
}

export default fp(routes, { name: 'routes/nft', encapsulate: true, fastify: '5.x' })

/** The URL of an image with caption that never fails: a drawing of the built-in artist stands in for the picture. */
function imageUrl(publicUrl: string, series: string, address: string): string {
  return `${publicUrl}/avatar/${encodeURIComponent(series)}/${checksumAddress(address)}.png?size=1024&caption=1`
}

function allowCaching(reply: FastifyReply): void {
  reply.cacheControl('public').cacheControl('no-cache')
}

/** Adds the ETag of a body, and answers 304 where the client has this body. */
async function sendIfChanged(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
  const hash = createHash('sha256').update(payload).digest('base64url')
  const etag = `"${hash.slice(0, ETAG_CHARACTERS)}"`
  reply.header('ETag', etag)
  if (!fresh({ 'if-none-match': request.headers['if-none-match'] }, { etag })) return payload
  reply.code(304)
  return null
}
