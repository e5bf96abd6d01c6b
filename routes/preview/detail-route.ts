import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SeriesRegistry } from '../../lib/dress/series-registry.ts'
import { errors, isServiceError, quote } from '../../lib/errors.ts'
import type { Config } from '../../lib/config/config.ts'
import type { Generation } from '../../lib/generation/generation.ts'
import { hasEarlier } from '../../lib/pictures/earlier.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import { content } from '../../lib/schemas/api.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import type { Provider, Snapshot } from '../../lib/schemas/progress.ts'
import type { Series } from '../../lib/schemas/series.ts'
import type { Files } from '../../lib/storage/files.ts'
import {
  artifactPath,
  inOutput,
  isAddress,
  isPictureName,
  pathSafe,
  seriesName
} from '../../lib/storage/layout.ts'
import type { Artifact } from '../../lib/storage/layout.ts'
import { findAddress } from '../../lib/typed-address.ts'
import { pagePath } from '../../plugins/app/send-picture.ts'
import { tellsItsSite } from '../../plugins/http/access/browser.ts'
import { wantsPage } from '../../plugins/http/errors/page.ts'
import type { ChangeRules } from './actions.ts'
import type { Assets } from './assets.ts'
import { nameOf, renderDetail } from './detail.ts'
import type { DetailView } from './detail.ts'
import { mayBeFramed, renderFramedPage } from './framed.ts'
import { findNeighbours } from './neighbours.ts'
import { checksumWarning, linkProblem, readPictureName, typedProblem } from './picture-name.ts'
import type { PictureName } from './picture-name.ts'
import type { Renderer } from './render.ts'
import { pageResponses, sendPage } from './send-page.ts'
import { sharePicture } from './sharing.ts'
import type { Sharing } from './sharing.ts'
import { SIMILAR } from './similar.ts'

interface DetailRouteOptions {
  render: Renderer
  gallery: Pick<PictureIndex, 'get' | 'neighbours' | 'page' | 'similar'>
  series: Pick<SeriesRegistry, 'entry' | 'get' | 'hidden'>
  generation: Pick<Generation, 'dressOf' | 'drawerOf' | 'hindrance' | 'snapshot' | 'wouldRepeat'>
  files: Pick<Files, 'list' | 'stat' | 'statAll'>
  rules: ChangeRules
  assets: Assets
  config: Pick<Config, 'explorerUrl' | 'frameAncestors' | 'strictChecksum' | 'embedPrompt'>
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
    302: Type.Null({ description: 'The page of a series, or of the address in what was typed' }),
    400: {
      description: 'The form, which says what is wrong with the address; JSON for programs',
      content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
    },
    404: {
      description: 'There is no such picture, or no such series',
      content: { 'application/json': { schema: Type.Ref('ApiError') }, ...content('text/html').content }
    }
  }
}

/** `GET /preview/<series>/<address>`: the details of one picture, alone or with the whole page. */
export const detailRoute: FastifyPluginAsyncTypebox<DetailRouteOptions> = async (
  fastify,
  { render, gallery, series: registry, generation, files, rules, assets, config }
) => {
  const { explorerUrl: explorer, frameAncestors, strictChecksum, embedPrompt } = config

  /** Who drew a picture; undefined where it is not known. What draws `local`ly may be an artist of an application. */
  async function findDrawer(dress: DalleDress): Promise<Provider | undefined> {
    const { downloadMode } = dress
    if (downloadMode === 'local') return await generation.drawerOf(dress)
    return downloadMode === '' ? undefined : 'openai'
  }

  /** Whether a new picture is offered in place of this one. */
  async function findOffer(series: Series | undefined, dress: DalleDress): Promise<DetailView['offer']> {
    if (series === undefined) return 'gone'
    if (series.deleted === true) return 'hidden'
    return (await generation.wouldRepeat(series, dress)) ? 'same' : 'offered'
  }

  async function findDetail(
    { series, address }: PictureName,
    publicUrl: string
  ): Promise<{ view: DetailView; sharing: Sharing } | undefined> {
    const picture = await gallery.get(series, address)
    if (picture === undefined) return undefined
    const known = await registry.get(series, { withDeleted: true })
    const dress = await generation.dressOf(known ?? { suffix: series }, address)
    const offer = await findOffer(known, dress)
    const drawer = await findDrawer(dress)
    const isThere = async (artifact: Artifact) =>
      (await files.stat(inOutput(artifactPath(artifact, series, address))))?.isFile() === true
    const [hasCopy, selector, drawing, neighbours, similar] = await Promise.all([
      hasEarlier(files, series, address),
      isThere('selector'),
      isThere('generated'),
      findNeighbours(picture, gallery, await registry.hidden()),
      findSimilar({ series, address })
    ])
    const { base } = assets
    const name = nameOf({ picture, dress })
    const sharing = sharePicture({ picture, dress, drawer, name, withPrompts: embedPrompt, publicUrl })
    const parts = {
      base,
      picture,
      dress,
      drawer,
      rules,
      hasEarlier: hasCopy,
      url: sharing.url,
      publicUrl,
      explorer
    }
    return { view: { ...parts, offer, files: { selector, drawing }, similar, ...neighbours }, sharing }
  }

  /** The pictures most like this one. A busy server shows its page without them. */
  async function findSimilar(like: PictureName) {
    const without = await registry.hidden()
    return await gallery.similar({ like, limit: SIMILAR, without }).catch(() => [])
  }

  fastify.get('/:series/:address', { schema, config: { isCostly: true } }, async (request, reply) => {
    const page = await findSeriesPage(request.params, wantsPage(request.headers.accept))
    if (page !== undefined) {
      reply.cacheControl('no-cache')
      return await reply.redirect(page)
    }
    const name = await readPictureName(request.params, gallery, strictChecksum).catch(
      async (error: unknown) => await askAgain(error, request, reply)
    )
    if (name === undefined) return reply
    const { series, address } = name
    const isPart = request.query.part === 'detail'
    const isFramed = frameAncestors.length > 0 && !isPart && mayBeFramed(request)
    if (frameAncestors.length > 0) reply.vary('Sec-Fetch-Dest')
    const found = await findDetail({ series, address }, request.publicUrl)
    if (found === undefined && isPart) {
      throw errors.notFound(`There is no picture of ${quote(address)} in ${quote(series)}`)
    }
    if (found === undefined) reply.code(404)
    if (isFramed) {
      return await sendPage(reply, renderFramedPage({ series, address, ...found, assets }), frameAncestors)
    }
    if (found === undefined) {
      return await sendPage(reply, await renderMissing({ series, address }, request.params.address, request))
    }
    const { view, sharing } = found
    const detail = renderDetail(view)
    return await sendPage(reply, isPart ? detail : await render({ detail, sharing, title: titleOf(view) }))
  })

  /**
   * Sends a browser to the address in what a person has typed, or sends the form with what is wrong with it.
   * @throws the error, where a form cannot mend it
   */
  async function askAgain(
    error: unknown,
    { params, headers }: FastifyRequest<{ Params: PictureName }>,
    reply: FastifyReply
  ): Promise<undefined> {
    const { series, address: typed } = params
    const mayAsk = wantsPage(headers.accept) && frameAncestors.length === 0
    if (!isServiceError(error) || error.code !== 'INVALID_ADDRESS' || !mayAsk) throw error
    const problem = typedProblem(typed)
    const found = findAddress(typed)
    if (problem === '' && found !== undefined) {
      reply.cacheControl('no-cache')
      await reply.redirect(assets.base + pagePath(seriesName(series), found))
      return
    }
    reply.outcome.failure = error
    const notice = `There is no picture of ${typed} in ${series}. ${linkProblem(typed)}`
    const initial = { series: seriesName(series), address: typed }
    const page = await render({ notice, problem, initial, tellsItsSite: tellsItsSite(headers) })
    await sendPage(reply.code(error.statusCode), page)
  }

  /**
   * `/preview/series/<name>`, which people type, is the page of a series, unless a series named so has the picture. A
   * browser is sent there with an unknown name too: the page says that there is no such series, and lists the others.
   */
  async function findSeriesPage(
    { series, address: name }: PictureName,
    isBrowser: boolean
  ): Promise<string | undefined> {
    if (seriesName(series) !== 'series' || isAddress(name.toLowerCase())) return undefined
    if (isPictureName(name) && (await gallery.get('series', name)) !== undefined) return undefined
    const found = await registry.entry(pathSafe(name))
    const mayBeName = isBrowser && (await registry.entry('series')) === undefined
    if (found === undefined && !mayBeName) return undefined
    const known = found?.series.suffix ?? name
    return `${assets.base}/preview/series?name=${encodeURIComponent(known)}`
  }

  /**
   * The gallery with a message in place of the picture, and how to get it.
   * @param given the address as the visitor wrote it
   */
  async function renderMissing(
    { series, address }: PictureName,
    given: string,
    { id: requestId, headers }: Pick<FastifyRequest, 'id' | 'headers'>
  ): Promise<string> {
    // The runs are unknown while the engine's database is away.
    const snapshot = await generation.snapshot(series, address).catch(() => undefined)
    const title = `No picture of ${address} in ${series} – dalleserver`
    const options = { title, initial: { series, address }, tellsItsSite: tellsItsSite(headers) }
    if (snapshot?.done === false) {
      const progress = `${Math.floor(snapshot.percent)} %`
      const notice = `The picture of ${address} in ${series} is being made: ${progress}.`
      return await render({ notice, isBeingMade: true, ...options })
    }
    const isRestorable = rules.needs !== 'tokens' && (await hasEarlier(files, series, address))
    const restorable = isRestorable ? `${series}/${address}` : ''
    const isOffered = (await registry.get(series)) !== undefined
    if (!isRestorable && !isOffered) {
      const notice =
        `There is no series ${series}, so there is no picture of ${address} in it. Choose another series. ` +
        `(INVALID_SERIES, request ${requestId})`
      const problem = checksumWarning(given)
      return await render({
        notice,
        problem,
        ...options,
        initial: { address: problem === '' ? address : given }
      })
    }
    const problem = isRestorable ? '' : checksumWarning(given)
    if (problem !== '') {
      const notice = `There is no picture of ${given} in ${series}. ${problem}`
      const unchecked = assets.base + pagePath(series, address)
      return await render({ notice, problem, unchecked, ...options, initial: { series, address: given } })
    }
    const obstacle = generation.hindrance()
    // The details name amounts of money, which a visitor who may not start runs is not told.
    const hindrance = obstacle === undefined ? '' : `${obstacle.message} (${obstacle.code})`
    const notice =
      `There is no picture of ${address} in ${series}${isRestorable ? ' any more' : ''}. ` +
      (snapshot?.errorCode === obstacle?.code ? '' : failureOf(snapshot)) +
      (isRestorable ? 'A former one is in the archive.' : '')
    return await render({
      notice: notice.trimEnd(),
      restorable,
      makeable: isOffered,
      hindrance,
      ...options
    })
  }
}

/** How the last run of a missing picture failed, in a sentence; empty if none did. */
function failureOf(snapshot: Pick<Snapshot, 'error' | 'errorCode'> | undefined): string {
  const { error = '', errorCode = '' } = snapshot ?? {}
  if (error === '' || errorCode === 'CANCELLED') return ''
  return `The last attempt failed: ${error} (${errorCode}). `
}

const titleOf = (view: DetailView) => `${nameOf(view)} – dalleserver`
