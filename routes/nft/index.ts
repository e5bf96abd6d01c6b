import { createHash } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { checksumAddress } from '../../lib/checksum.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { errors } from '../../lib/errors.ts'
import { describeCollection, describeToken, exampleAddress } from '../../lib/nft/metadata.ts'
import { errorResponses } from '../../lib/schemas/api.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import { CollectionSchema, TokenSchema } from '../../lib/schemas/nft.ts'
import type { Collection, Token } from '../../lib/schemas/nft.ts'
import { seriesName } from '../../lib/storage/layout.ts'
import { pagePath } from '../../plugins/app/send-picture.ts'
import { addWrongPaths } from '../../plugins/app/targets/index.ts'
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
const JSON_TYPE = 'application/json; charset=utf-8'
/** 162 bits of the hash of the body. */
const ETAG_CHARACTERS = 27

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, dresses, generation, pictures } = fastify
  fastify.addSchema(TokenSchema)
  fastify.addSchema(CollectionSchema)

  /** Sends metadata with an ETag of its content. */
  async function sendMetadata(reply: FastifyReply, metadata: Token | Collection): Promise<FastifyReply> {
    const content = Buffer.from(JSON.stringify(metadata))
    const hash = createHash('sha256').update(content).digest('base64url')
    await reply.sendContent({ version: hash.slice(0, ETAG_CHARACTERS) }, JSON_TYPE, async () => content)
    return reply
  }

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
      const page = publicUrl + pagePath(suffix, checksumAddress(target.address))
      const image = imageUrl(publicUrl, suffix, target.address)
      const token = describeToken({ dress, withPrompts: config.embedPrompt, image, page, cid })
      return await sendMetadata(reply, token)
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
      const image = imageUrl(publicUrl, suffix, exampleAddress(suffix))
      const page = `${publicUrl}/preview?series=${encodeURIComponent(suffix)}`
      return await sendMetadata(reply, describeCollection(series, image, page))
    }
  )

  addWrongPaths(fastify, ROUTE)
}

export default fp(routes, { name: 'routes/nft', encapsulate: true, fastify: '5.x' })

/** The URL of an image with caption that never fails: a drawing of the built-in artist stands in for the picture. */
function imageUrl(publicUrl: string, series: string, address: string): string {
  return `${publicUrl}/avatar/${encodeURIComponent(series)}/${checksumAddress(address)}.png?size=1024&caption=1`
}
