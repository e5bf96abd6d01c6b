import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import type { FastifyPluginAsync } from 'fastify'
import fp from 'fastify-plugin'
import type { ChangeRules } from './actions.ts'
import { addressRoute } from './address/route.ts'
import { serveAssets } from './assets.ts'
import { cardRoute } from './card-route.ts'
import { detailRoute } from './detail-route.ts'
import { filterRoute } from './filter/route.ts'
import { listRoute } from './list-route.ts'
import { makeRoute } from './make-route.ts'
import { createRenderer } from './render.ts'
import { shortRoute } from './short-route.ts'
import { seriesRoute } from './series/route.ts'

/** The result is nearly as small as with the highest quality, and takes a tenth of the time. */
const BROTLI_QUALITY = 5

const routes: FastifyPluginAsync = async (fastify) => {
  const { access, config, generation } = fastify
  const gallery = fastify.engine.pictures
  const { series, databases } = fastify.dresses
  await fastify.register(compress, {
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }
  })
  const assets = await serveAssets(fastify)
  const needsToken = config.apiTokens.length > 0
  const render = createRenderer({
    gallery,
    series,
    databases,
    assets,
    access: () => ({
      needsToken,
      startNeedsToken: access.needsToken('start'),
      healthNeedsToken: config.metricsNeedToken
    })
  })
  const rules: ChangeRules = {
    artist: generation.artist,
    archiveDays: config.archiveDays,
    // In another application it is known only when that listens.
    get needs() {
      return !access.needsToken('other') ? 'nothing' : needsToken ? 'token' : 'tokens'
    }
  }
  await fastify.register(listRoute, { render })
  await fastify.register(filterRoute, { gallery, series, databases, assets })
  await fastify.register(seriesRoute, { registry: series, databases, gallery, assets, rules })
  const { files } = fastify
  await fastify.register(addressRoute, {
    gallery,
    registry: series,
    assets,
    explorer: config.explorerUrl,
    rules,
    startNeeds: () => (!access.needsToken('start') ? 'nothing' : needsToken ? 'token' : 'tokens')
  })
  await fastify.register(detailRoute, { render, gallery, series, generation, files, rules, assets, config })
  await fastify.register(makeRoute, { base: assets.base, render })
  await fastify.register(shortRoute, { registry: series, gallery, base: assets.base })
  await fastify.register(cardRoute, { gallery, config })
}

export default fp(routes, { name: 'routes/preview', encapsulate: true, fastify: '5.x' })
