import type { OpenAi } from './client.ts'
import { shutdownOf } from './models.ts'
import { fieldsOf } from './prices.ts'

const DAY_MS = 86_400_000
/** The fields in which providers announce the end of a model. */
const END_FIELDS = [
  'shutdown_date',
  'retirement_date',
  'expiration_date',
  'deprecation_date',
  'deprecation',
  'sunset'
]
/** The ends of a model by what it is used for, in an object of Azure. */
const END_USES = ['inference']
/** A time in seconds is below this one, and a time in milliseconds above it. */
const LEAST_MS = 1e11

/** A model as its provider lists it. */
export interface ListedModel {
  names: string[]
  /** When the provider ends it, where it says so. */
  end: Date | undefined
}

export interface ModelWatchOptions {
  clients: ReadonlyArray<Pick<OpenAi, 'config' | 'listModels'>>
  /** Called for each model in use that will end or has ended, at the start and daily. */
  onEnd: (provider: string, model: string, end: Date) => void
  /** Called when the models of a provider were read, for each model in use. */
  onListed: (provider: string, model: string, isListed: boolean) => void
  /** Called when the models of a provider could not be read. */
  onError: (provider: string, error: unknown) => void
}

/** Watches the models in use: which of them their providers list, and which of them end. */
export function createModelWatch({ clients, onEnd, onListed, onError }: ModelWatchOptions) {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined

  /** Reports the announced ends that are known without a request. */
  function announce(): void {
    for (const { config } of clients) {
      for (const { model } of modelsIn(config)) {
        const end = shutdownOf(model)
        if (end !== undefined) onEnd(config.name, model, end)
      }
    }
  }

  /** Asks each provider for its models. Never rejects. */
  async function readAll(): Promise<void> {
    await Promise.all(
      clients.map(async ({ config, listModels }) => {
        try {
          report(config, await listModels(stop.signal))
        } catch (error) {
          if (!stop.signal.aborted) onError(config.name, error)
        }
      })
    )
  }

  function report(config: OpenAi['config'], listed: ListedModel[]): void {
    for (const { model, isBelowBase } of modelsIn(config)) {
      const found = listed.find(({ names }) => names.includes(model))
      // A deployment has a name of its own, and an endpoint elsewhere has models of its own.
      if (found !== undefined || isBelowBase) onListed(config.name, model, found !== undefined)
      if (found?.end !== undefined) onEnd(config.name, model, found.end)
    }
  }

  return {
    announce,
    read: readAll,

    /** Asks now and then daily, without a wait for the answers. */
    start(): void {
      readAll().catch(() => {})
      timer = setInterval(() => {
        announce()
        readAll().catch(() => {})
      }, DAY_MS).unref()
    },

    stop(): void {
      clearInterval(timer)
      stop.abort()
    }
  }
}

function modelsIn({ enhancement, image }: OpenAi['config']) {
  return [enhancement, image].flatMap((used) =>
    used === undefined
      ? []
      : [{ model: used.model, isBelowBase: used.url === undefined && !('family' in used && used.family) }]
  )
}

/**
 * The models in an answer: `{"data": [{"id": …}]}`, a list alone, or `{"models": [{"name": …}]}`. Undefined for any
 * other value.
 */
export function readModels(answer: unknown): ListedModel[] | undefined {
  const { data, models } = fieldsOf(answer)
  const list = [answer, data, models].find((value) => Array.isArray(value))
  return list?.map((each: unknown) => {
    const { id, name, aliases } = fieldsOf(each)
    const names = [id, name, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])]
      .filter((text) => typeof text === 'string')
      .map((text) => text.replace(/^models\//, ''))
    return { names, end: endIn(fieldsOf(each)) }
  })
}

/** The earliest end in the fields of a model. */
function endIn(fields: Record<string, unknown>): Date | undefined {
  const values = END_FIELDS.flatMap((name) => {
    const value = fields[name]
    const uses = fieldsOf(value)
    return [value, ...END_USES.map((use) => uses[use])]
  })
  const times = values.map(timeOf).filter((ms) => Number.isFinite(ms))
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

function timeOf(value: unknown): number {
  if (typeof value === 'string') return Date.parse(value)
  if (typeof value !== 'number' || value <= 0 || value > 8.64e15) return NaN
  return value < LEAST_MS ? value * 1000 : value
}
