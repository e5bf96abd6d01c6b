import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import type { FastifyReply } from 'fastify'
import { errors, quote } from '../../lib/errors.ts'
import { readCursor } from '../../lib/pictures/cursor.ts'
import type { Cursor } from '../../lib/pictures/cursor.ts'
import { content, errorResponses } from '../../lib/schemas/api.ts'
import { isAddress, seriesName } from '../../lib/storage/layout.ts'
import { serveAssets } from './assets.ts'
import { nameOf, renderDetail } from './detail.ts'
import { renderGallery } from './page.ts'
import type { GalleryView } from './page.ts'

/** Pictures of the first page: they fill a large screen, and keep the first view small. */
const FIRST_PICTURES = 24
/** Pictures of each page behind it. */
const FURTHER_PICTURES = 48
/** Pictures that the head of the page shows. */
const SHOWN_AT_TOP = 3
const DEFAULT_SERIES = 'simple'
const POLICY =
  "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
/** Nearly as small as the best, in a tenth of its time. */
const BROTLI_QUALITY = 5

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }
  })
  const assets = await serveAssets(fastify)
  const { generation, config } = fastify
  const { gallery } = fastify.pictures

  async function render(given: Partial<GalleryView> & { cursor?: Cursor | undefined }): Promise<string> {
    const { filter = { series: '', text: '' }, cursor } = given
    const [page, top, series] = await Promise.all([
      gallery.page({
        order: 'series',
        limit: cursor === undefined ? FIRST_PICTURES : FURTHER_PICTURES,
        cursor,
        text: filter.text,
        ...(filter.series !== '' && { series: filter.series })
      }),
      gallery.page({ order: 'newest', limit: SHOWN_AT_TOP }),
      fastify.dresses.series.list()
    ])
    const names = series.map(({ suffix: name, purpose = '' }) => ({ name, purpose }))
    const preferred = filter.series || DEFAULT_SERIES
    return renderGallery({
      page,
      filter,
      all: gallery.size,
      isFirst: cursor === undefined,
      series: names,
      newest: top.pictures,
      title: 'dalleserver gallery',
      detail: undefined,
      wish: {
        series: names.some(({ name }) => name === preferred) ? preferred : (names[0]?.name ?? ''),
        address: ''
      },
      notice: '',
      needsToken: config.apiTokens.length > 0,
      revision: gallery.revision,
      assets,
      ...given
    })
  }

  const responses = { 200: content('text/html'), ...errorResponses }

  fastify.get(
    '/',
    {
      schema: {
        querystring: Type.Object({
          series: Type.Optional(Type.String()),
          q: Type.Optional(Type.String({ maxLength: 500 })),
          cursor: Type.Optional(Type.String())
        }),
        response: responses
      }
    },
    async (request, reply) => {
      const { series = '', q: text = '', cursor: given } = request.query
      const cursor = given === undefined ? undefined : readCursor(given)
      if (given !== undefined && cursor?.order !== 'series') {
        throw errors.invalidRequest('Invalid cursor', {
          details: `cursor is ${quote(given)}: it must come from a link of the gallery`
        })
      }
      return await sendPage(
        reply,
        await render({ filter: { series: seriesName(series), text: text.trim() }, cursor })
      )
    }
  )

  fastify.get(
    '/:series/:address',
    {
      schema: {
        params: Type.Object({ series: Type.String(), address: Type.String() }),
        querystring: Type.Object({
          part: Type.Optional(
            Type.Unsafe<'detail'>({
              type: 'string',
              enum: ['detail'],
              description: 'Only the details, for a page that is there already'
            })
          )
        }),
        response: {
          ...responses,
          404: {
            description: 'There is no such picture, or no such series',
            content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
          }
        }
      }
    },
    async (request, reply) => {
      const series = seriesName(request.params.series)
      const address = request.params.address.toLowerCase()
      if (!isAddress(address)) throw errors.invalidAddress(request.params.address)
      const picture = await gallery.get(series, address)
      const isPart = request.query.part === 'detail'
      if (picture === undefined) {
        if (isPart) throw errors.notFound(`There is no picture of ${quote(address)} in ${quote(series)}`)
        if ((await fastify.dresses.series.get(series)) === undefined) {
          return await sendPage(
            reply.code(404),
            await render({
              notice: `There is no series ${series}, and so no picture of ${address} in it. Choose another series above.`
            })
          )
        }
        return await sendPage(
          reply,
          await render({
            wish: { series, address },
            notice: `There is no picture of ${address} in ${series}. It can be made with the form above.`
          })
        )
      }
      const dress = await generation.dressOf(
        (await fastify.dresses.series.get(series)) ?? { suffix: series },
        address
      )
      const detail = renderDetail({ picture, dress, ...gallery.neighbours(picture) })
      return await sendPage(
        reply,
        isPart ? detail : await render({ detail, title: `${nameOf({ picture, dress })} – dalleserver` })
      )
    }
  )
}

export default fp(routes, { name: 'routes/preview', encapsulate: true, fastify: '5.x' })

async function sendPage(reply: FastifyReply, page: string): Promise<FastifyReply> {
  return await reply
    .cacheControl('no-cache')
    .header('Content-Security-Policy', POLICY)
    .type('text/html; charset=utf-8')
    .send(page)
}
