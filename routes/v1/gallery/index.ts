import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createAnswerCache } from '../../../lib/answer-cache.ts'
import { shownName } from '../../../lib/checksum.ts'
import { FACETS } from '../../../lib/dress/facets.ts'
import { errors, quote } from '../../../lib/errors.ts'
import type { FacetCounts, Page, Picture } from '../../../lib/engine/pictures.ts'
import { readCursor, writeCursor } from '../../../lib/engine/cursor.ts'
import type { Cursor, Order } from '../../../lib/engine/cursor.ts'
import { envelope, errorResponses } from '../../../lib/schemas/api.ts'
import { GallerySchema } from '../../../lib/schemas/gallery.ts'
import type { Gallery, GalleryPicture } from '../../../lib/schemas/gallery.ts'
import { createSharedBody } from '../../../lib/shared-body.ts'
import { seriesName } from '../../../lib/storage/layout.ts'
import { linksOf } from '../../../plugins/app/send-picture.ts'
import { openEnvelope } from '../../../plugins/http/send-shared.ts'
import { checkNames, readChosen, readFacetNames, readLike } from './filter.ts'
import { FACET_LIMIT, LIMIT, QuerySchema } from './query.ts'
import type { GalleryQuery } from './query.ts'

/** An answer is used again for so long, unless a picture comes or goes. Other processes change pictures too. */
const ANSWER_AGE_MS = 500
const ANSWERS_BYTES = 4_000_000

const routes: FastifyPluginAsyncTypebox = async (fastify) => {
  const answers = createAnswerCache({
    maxBytes: ANSWERS_BYTES,
    maxAgeMs: ANSWER_AGE_MS,
    revision: () => {
      const { epoch, revision, unread } = fastify.engine.pictures
      return `${epoch} ${revision} ${unread}`
    }
  })

  fastify.addSchema(GallerySchema)

  fastify.get(
    '/',
    {
      schema: {
        operationId: 'listPictures',
        tags: ['Gallery'],
        summary: 'List the pictures',
        description:
          'All pictures, page by page: `nextCursor` of one page is the `cursor` of the next. New pictures do not ' +
          'shift the pages behind a cursor. The parameters from `class` to `backStyle` choose by what the dress of ' +
          'a picture has: values of one widen the choice, and another one narrows it. A picture whose dress is not ' +
          'recorded has none of the values.',
        errors: ['invalid_input', 'SERVICE_UNAVAILABLE'],
        querystring: QuerySchema,
        response: { 200: envelope(Type.Ref('Gallery'), 'A page of the list.'), ...errorResponses }
      },
      config: { isCostly: true, isCrossOrigin: true }
    },
    async ({ query }, reply) => {
      checkNames(query)
      const hidden = await fastify.dresses.series.hidden()
      const body = await answers.read(JSON.stringify([query, ...hidden]), async () =>
        createSharedBody(openEnvelope(await listPictures(fastify, query, hidden)))
      )
      return await reply.cacheControl('no-store').sendSharedEnvelope(body)
    }
  )
}

/** @param hidden the names of the series whose pictures are left out */
async function listPictures(
  { basePath, dresses, engine: { pictures } }: FastifyInstance,
  query: GalleryQuery,
  hidden: ReadonlySet<string>
): Promise<Gallery> {
  const { series, q: text, order = 'newest', limit = LIMIT.default, cursor: given } = query
  const { facetLimit = FACET_LIMIT.default } = query
  const facets = readFacetNames(query)
  const cursor = given === undefined ? undefined : cursorOf(given, order)
  const like = await readLike(query, pictures)
  const filter = {
    series: series === undefined ? undefined : seriesName(series),
    without: hidden,
    text,
    chosen: await readChosen(query, dresses.databases, pictures)
  }
  const [page, counts] = await Promise.all([
    like === undefined
      ? pictures.page({ ...filter, order, limit, cursor })
      : pictures.similar({ ...filter, like, limit }).then(asPage),
    facets.length === 0 ? undefined : pictures.facets({ ...filter, facets, limit: facetLimit })
  ])
  return {
    images: page.pictures.map((picture) => describe(picture, basePath)),
    total: page.total,
    series: page.series,
    nextCursor: page.next === undefined ? null : writeCursor(page.next),
    unread: pictures.unread,
    ...(counts && { facets: counts.map(describeFacet) })
  }
}

export default fp(routes, { name: 'routes/v1/gallery', encapsulate: true, fastify: '5.x' })

function cursorOf(text: string, order: Order): Cursor {
  const cursor = readCursor(text)
  if (cursor === undefined) {
    throw errors.invalidInput('Invalid cursor', {
      details: `cursor is ${quote(text)}: it must be the nextCursor of an earlier page`
    })
  }
  if (cursor.order !== order) {
    throw errors.invalidInput('Invalid cursor', {
      details: `cursor belongs to order=${cursor.order}, and order is ${quote(order)}: both must be the same`
    })
  }
  return cursor
}

/** Pictures that no other page follows. */
function asPage(pictures: Picture[]): Page {
  const counts = new Map<string, number>()
  for (const { series } of pictures) counts.set(series, (counts.get(series) ?? 0) + 1)
  const series = [...counts].map(([name, count]) => ({ name, count }))
  return { pictures, total: pictures.length, series, next: undefined }
}

function describeFacet({ name, values, distinct, isComplete }: FacetCounts) {
  const { label } = FACETS.find((facet) => facet.name === name)!
  return { name, label, values, distinct, complete: isComplete }
}

function describe(picture: Picture, base: string): GalleryPicture {
  const { series, address, title, width, height, bytes, modifiedMs } = picture
  const { image, thumbnail, page } = linksOf(picture, base)
  return {
    series,
    address,
    checksumAddress: shownName(address),
    title,
    width,
    height,
    bytes,
    modifiedAt: new Date(modifiedMs).toISOString(),
    imageUrl: image,
    thumbnailUrl: thumbnail,
    pageUrl: page
  }
}
