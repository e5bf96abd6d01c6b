import type { OpenAi } from './client.ts'
import type { ListedModel } from './model-list.ts'
import { shutdownOf } from './models.ts'

const DAY_MS = 86_400_000
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
