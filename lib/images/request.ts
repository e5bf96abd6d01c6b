import { createHash } from 'node:crypto'
import type { Databases } from '../dress/databases.ts'
import type { PreparedDress } from '../dress/dress.ts'
import { addressOfSeed, prepareSeedDress } from '../dress/seed-dress.ts'
import type { SeriesRegistry } from '../dress/series-registry.ts'
import { errors, isServiceError, quote } from '../errors.ts'
import { RECIPE } from '../records/describe.ts'
import type { ImageRequest } from '../schemas/images.ts'
import type { ImageOrder } from '../schemas/order.ts'
import type { Series } from '../schemas/series.ts'
import { isAddress, isPictureName, pathSafe, pictureName } from '../storage/layout.ts'

const DEFAULT_SERIES = 'empty'
/** Prompts contain the backstyle, and a longer prompt counts as missing. */
const BACKSTYLE_CHARACTERS = 4_000

/** A request with what it names. */
export interface ResolvedRequest {
  order: ImageOrder
  series: Series
  /** The name of the files. */
  name: string
  prepared: PreparedDress
}

export interface RequestParts {
  series: Pick<SeriesRegistry, 'get'>
  databases: Databases
}

/**
 * Finds the series and the seed of a request, and makes its dress.
 * @throws invalid_input, series_invalid; metadata_invalid for a seed without an input
 */
export async function resolveRequest(
  { series: registry, databases }: RequestParts,
  request: ImageRequest
): Promise<ResolvedRequest> {
  const { input, seed } = readSeed(request)
  const series = await findSeries(registry, request.series)
  const backstyle = request.backstyle?.trim() || undefined
  const order: ImageOrder = {
    input,
    seed,
    recipe: request.recipe?.trim() || RECIPE.name,
    ...(backstyle !== undefined && { backstyle }),
    enhance: request.enhance ?? false,
    image: request.image ?? false,
    annotate: request.annotate ?? false
  }
  const name = pictureName(seed)
  if (!isPictureName(name) || !isPictureName(pathSafe(seed))) {
    throw errors.ofV1('invalid_input', 'the seed cannot name a file', {
      details: 'A seed has at most 190 bytes and no control characters, and does not begin with a dot'
    })
  }
  const prepared = prepare(databases, series, order)
  // The record of an image must have an input.
  if (input === '') throw errors.ofV1('metadata_invalid', 'input is required')
  return { order, series, name, prepared }
}

function readSeed(request: ImageRequest): { input: string; seed: string } {
  const input = request.input?.trim() ?? ''
  const given = request.seed?.trim() ?? ''
  if (input === '' && given === '') throw errors.ofV1('invalid_input', 'input is required')
  if (given === '') return { input, seed: createHash('sha256').update(input).digest('hex') }
  const address = addressOfSeed(given) ?? given.toLowerCase()
  return isAddress(address) ? { input: input || address, seed: address } : { input, seed: given }
}

/** A hidden series is not refused. */
async function findSeries(registry: Pick<SeriesRegistry, 'get'>, given: string | undefined): Promise<Series> {
  const name = given?.trim() || DEFAULT_SERIES
  const key = name
    .toLowerCase()
    .replaceAll(' ', '-')
    .replaceAll(/^-+|-+$/g, '')
  const series = await registry.get(key, { withDeleted: true })
  if (series !== undefined) return series
  throw errors.ofV1('series_invalid', `load series: series not found: ${quote(name).slice(1, -1)}`)
}

function prepare(databases: Databases, series: Series, order: ImageOrder): PreparedDress {
  const { backstyle = '' } = order
  if (backstyle.length > BACKSTYLE_CHARACTERS) {
    throw errors.ofV1('invalid_input', 'backstyle is too long', {
      details: `It has ${backstyle.length} characters; it may have ${BACKSTYLE_CHARACTERS}`
    })
  }
  try {
    return prepareSeedDress(databases, series, order)
  } catch (error) {
    if (backstyle === '' || !isServiceError(error) || error.code !== 'TEMPLATE_ERROR') throw error
    throw errors.ofV1('invalid_input', 'backstyle cannot be used', {
      details: error.details ?? error.message
    })
  }
}
