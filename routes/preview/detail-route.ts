import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { checksumProblem } from '../../lib/checksum.ts'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'
import { errors, quote } from '../../lib/errors.ts'
import type { Config } from '../../lib/config/config.ts'
import type { Generation } from '../../lib/generation/generation.ts'
import { hasEarlier } from '../../lib/pictures/earlier.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import { content } from '../../lib/schemas/api.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import type { Provider } from '../../lib/schemas/progress.ts'
import type { Files } from '../../lib/storage/files.ts'
import {
  artifactPath,
  inOutput,
  isAddress,
  isPictureName,
  isSeriesName,
  seriesName
} from '../../lib/storage/layout.ts'
import type { Artifact } from '../../lib/storage/layout.ts'
import type { ChangeRules } from './actions.ts'
import type { Assets } from './assets.ts'
import { nameOf, renderDetail } from './detail.ts'
import type { DetailView } from './detail.ts'
import { mayBeFramed, renderFramedPage } from './framed.ts'
import type { Renderer } from './render.ts'
import { pageResponses, sendPage } from './send-page.ts'

interface DetailRouteOptions {
  render: Renderer
  gallery: Pick<PictureIndex, 'get' | 'neighbours'>
  series: Pick<SeriesRegistry, 'get'>
  generation: Pick<Generation, 'dressOf' | 'drawerOf'>
  files: Pick<Files, 'list' | 'stat' | 'statAll'>
  rules: ChangeRules
  assets: Assets
  config: Pick<Config, 'frameAncestors'>
}

const schema = {
  hide: true,
  params: Type.Object({ series: Type.String(), address: Type.String() }),
  querystring: Type.Object({
    part: Type.Optional(
      Type.Unsafe<'detail'>({
        type: 'string',
        enum: ['detail'],
        description: 'Only the details, for a page that is already loaded'
      })
    )
  }),
  response: {
    ...pageResponses,
    404: {
      description: 'There is no such picture, or no such series',
      content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
    }
  }
}

/** `GET /preview/<series>/<address>`: the details of one picture, alone or with the whole page. */
export const detailRoute: FastifyPluginAsyncTypebox<DetailRouteOptions> = async (
  fastify,
  { render, gallery, series: registry, generation, files, rules, assets, config: { frameAncestors } }
) => {
  /** Who drew a picture; undefined where it is not known. What draws `local`ly may be an artist of an application. */
  async function findDrawer(dress: DalleDress): Promise<Provider | undefined> {
    const { downloadMode } = dress
    if (downloadMode === 'local') return await generation.drawerOf(dress)
    return downloadMode === '' ? undefined : 'openai'
  }

  async function findDetail(series: string, address: string): Promise<DetailView | undefined> {
    const picture = await gallery.get(series, address)
    if (picture === undefined) return undefined
    const dress = await generation.dressOf(
      (await registry.get(series, { withDeleted: true })) ?? { suffix: series },
      address
    )
    const drawer = await findDrawer(dress)
    const isThere = async (artifact: Artifact) =>
      (await files.stat(inOutput(artifactPath(artifact, series, address))))?.isFile() === true
    const [hasCopy, selector, drawing, neighbours] = await Promise.all([
      hasEarlier(files, series, address),
      isThere('selector'),
      isThere('generated'),
      gallery.neighbours(picture)
    ])
    const { base } = assets
    const parts = { base, picture, dress, drawer, rules, hasEarlier: hasCopy }
    return { ...parts, files: { selector, drawing }, ...neighbours }
  }

  fastify.get('/:series/:address', { schema, config: { isCostly: true } }, async (request, reply) => {
    const series = seriesName(request.params.series)
    const lowerCase = request.params.address.toLowerCase()
    // A picture that /v1 made is named after any text, in any case.
    const address = isAddress(lowerCase) ? lowerCase : request.params.address
    if (!isSeriesName(series)) throw errors.invalidSeries(request.params.series)
    if (!isAddress(address) && !(isPictureName(address) && (await gallery.get(series, address)))) {
      throw errors.invalidAddress(request.params.address)
    }
    const problem = fastify.config.strictChecksum ? checksumProblem(request.params.address) : undefined
    if (problem !== undefined) throw errors.invalidAddress(request.params.address, problem)
    const isPart = request.query.part === 'detail'
    const isFramed = frameAncestors.length > 0 && !isPart && mayBeFramed(request)
    if (frameAncestors.length > 0) reply.vary('Sec-Fetch-Dest')
    const view = await findDetail(series, address)
    if (isFramed) {
      if (view === undefined && (await registry.get(series)) === undefined) reply.code(404)
      return await sendPage(reply, renderFramedPage({ series, address, view, assets }), frameAncestors)
    }
    if (view !== undefined) {
      const detail = renderDetail(view)
      const title = `${nameOf(view)} – dalleserver`
      return await sendPage(reply, isPart ? detail : await render({ detail, title }))
    }
    if (isPart) throw errors.notFound(`There is no picture of ${quote(address)} in ${quote(series)}`)
    const restorable =
      rules.needs !== 'tokens' && (await hasEarlier(files, series, address)) ? `${series}/${address}` : ''
    if (restorable === '' && (await registry.get(series)) === undefined) {
      const notice =
        `There is no series ${series}, so there is no picture of ${address} in it. Choose another series. ` +
        `(INVALID_SERIES, request ${request.id})`
      return await sendPage(reply.code(404), await render({ notice }))
    }
    const notice =
      `There is no picture of ${address} in ${series}. ` +
      (restorable === '' ? 'You can make it with the form above.' : 'A former one is in the archive.')
    return await sendPage(reply, await render({ notice, restorable, initial: { series, address } }))
  })
}
