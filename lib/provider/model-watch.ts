import type { StreamClock } from '../clock.ts'
import type { OpenAi } from './client.ts'
import { failureOf, ruleFor } from './failures.ts'
import type { ListedModel } from './model-list.ts'
import { shutdownOf } from './models.ts'

const DAY_MS = 86_400_000
/** When a provider is asked again that was away. */
const RETRY_MS = 600_000

export interface ModelWatchOptions {
  clients: ReadonlyArray<Pick<OpenAi, 'config' | 'listModels'>>
  /** Called for each model in use that will end or has ended, at the start and daily. */
  onEnd: (provider: string, model: string, end: Date) => void
  /** Called when the models of a provider were read, for each model in use. */
  onListed: (provider: string, model: string, isListed: boolean) => void
  /** Called when the models of a provider could not be read. */
  onError: (provider: string, error: unknown) => void
  /** Called when the models of a provider were read, before `onListed`. */
  onRead?: (provider: string) => void
  /** Replaces the timer before the next question to a provider that is away. */
  startTimer?: StreamClock['startTimer']
}

/** Watches the models in use: which of them their providers list, and which of them end. */
export function createModelWatch({
  clients,
  onEnd,
  onListed,
  onError,
  onRead = () => {},
  startTimer = startIdleTimer
}: ModelWatchOptions) {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let stopRetry = () => {}

  /** Reports the announced ends that are known without a request. */
  function announce(): void {
    for (const { config } of clients) {
      for (const { model } of modelsIn(config)) {
        const end = shutdownOf(model)
        if (end !== undefined) onEnd(config.name, model, end)
      }
    }
  }

  /**
   * Asks each provider for its models. Never rejects.
   * @returns those that may answer soon
   */
  async function read(asked: ModelWatchOptions['clients']): Promise<ModelWatchOptions['clients']> {
    const away = await Promise.all(
      asked.map(async (client) => {
        try {
          report(client.config, await client.listModels(stop.signal))
          return []
        } catch (error) {
          if (stop.signal.aborted) return []
          onError(client.config.name, error)
          return (ruleFor(failureOf(error, 0))?.retry ?? 'no') === 'no' ? [] : [client]
        }
      })
    )
    return away.flat()
  }

  async function readUntilAnswered(asked: ModelWatchOptions['clients']): Promise<void> {
    stopRetry()
    const away = await read(asked)
    if (away.length === 0 || stop.signal.aborted) return
    stopRetry = startTimer(RETRY_MS, () => {
      readUntilAnswered(away).catch(() => {})
    })
  }

  function report(config: OpenAi['config'], listed: ListedModel[]): void {
    onRead(config.name)
    for (const { model, isBelowBase } of modelsIn(config)) {
      const found = listed.find(({ names }) => names.includes(model))
      // A deployment has a name of its own, and an endpoint elsewhere has models of its own.
      if (found !== undefined || isBelowBase) onListed(config.name, model, found !== undefined)
      if (found?.end !== undefined) onEnd(config.name, model, found.end)
    }
  }

  return {
    announce,
    read: async (): Promise<void> => {
      await read(clients)
    },

    /** Asks now and then daily, and a provider that is away more often, without a wait for the answers. */
    start(): void {
      readUntilAnswered(clients).catch(() => {})
      timer = setInterval(() => {
        announce()
        readUntilAnswered(clients).catch(() => {})
      }, DAY_MS).unref()
    },

    stop(): void {
      clearInterval(timer)
      stopRetry()
      stop.abort()
    }
  }
}

/** A timer that keeps no process alive. */
function startIdleTimer(ms: number, expire: () => void): () => void {
  const timer = setTimeout(expire, ms).unref()
  return () => clearTimeout(timer)
}

function modelsIn({ enhancement, image }: OpenAi['config']) {
  return [enhancement, image].flatMap((used) =>
    used === undefined
      ? []
      : [{ model: used.model, isBelowBase: used.url === undefined && !('family' in used && used.family) }]
  )
}
