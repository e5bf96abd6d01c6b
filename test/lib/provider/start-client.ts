import type { Test } from 'tap'
import { isServiceError } from '../../../lib/errors.ts'
import type { ServiceError } from '../../../lib/errors.ts'
import type { Drawing } from '../../../lib/image/artist.ts'
import { createBreaker } from '../../../lib/provider/breaker.ts'
import { createCircuits } from '../../../lib/engine/embedded/circuits.ts'
import { createLedger } from '../../../lib/engine/embedded/ledger.ts'
import type { DailyLimits, PaidCall, PaidStep } from '../../../lib/engine/engine.ts'
import { createOpenAi } from '../../../lib/provider/client.ts'
import type { Orientation } from '../../../lib/provider/orientation.ts'
import type {
  EnhancementSettings,
  ImageSettings,
  ProviderCall,
  ProviderConfig,
  ProviderCharge
} from '../../../lib/provider/operations.ts'
import { KNOWN_PRICES } from '../../../lib/provider/prices.ts'
import type { Proxies } from '../../../lib/provider/proxies.ts'
import { createRefusedParameters } from '../../../lib/provider/refused-parameters.ts'
import { createRetry } from '../../../lib/provider/retry.ts'
import { createManualClock } from '../../manual-clock.ts'

const IMAGE: ImageSettings = {
  model: 'gpt-image-2',
  quality: 'high',
  style: undefined,
  url: undefined,
  family: undefined,
  sizes: ['square', 'landscape', 'portrait'],
  timeoutMs: 300_000,
  retryOnTimeout: true,
  partialImages: 0
}
/** This model accepts a temperature, so that each prompt needs one call. */
const ENHANCEMENT: EnhancementSettings = {
  model: 'gpt-4.1-mini',
  seed: 1337,
  temperature: 0.2,
  url: undefined,
  timeoutMs: 60_000
}

export interface ClientOptions {
  baseUrl: string
  apiKey?: string
  image?: Partial<ImageSettings>
  enhancement?: Partial<EnhancementSettings>
  limits?: DailyLimits
  config?: Partial<ProviderConfig>
  proxies?: Proxies
  /** The files of an earlier process. */
  written?: Map<string, string>
  onDiskError?: (error: unknown) => void
}

/** How a call of the client ended. */
export interface Ended<T> {
  result?: T
  error?: ServiceError & { kind?: string }
  attempts: number
}

/** The client with real retries and breakers, a manual clock, and a budget in memory. */
export async function startClient(
  t: Test,
  {
    baseUrl,
    apiKey = 'sk-a-secret-key',
    image,
    enhancement,
    limits = {},
    config,
    proxies,
    written = new Map<string, string>(),
    onDiskError = t.threw
  }: ClientOptions
) {
  const time = createManualClock()
  const circuits = createCircuits({ clock: time.clock })
  const breakers = {
    draw: createBreaker(circuits.of('draw')),
    enhance: createBreaker(circuits.of('enhance'))
  }
  const ledger = createLedger({
    files: { readText: async () => undefined, stat: async () => undefined, write: async () => {} },
    limits,
    onDiskError: t.threw
  })
  let runs = 0

  /** The step of a new run. Its answers are not kept. */
  function stepOf<Answer>(step: PaidCall['step']): PaidStep<Answer> {
    runs += 1
    const runId = `run ${runs}`
    return {
      reserve: async (expected, repeatsLost) => await ledger.reserve({ runId, step, expected, repeatsLost }),
      keep: async () => {}
    }
  }

  const refusedParameters = createRefusedParameters({
    files: {
      readText: async (path) => written.get(path),
      write: async (path, content) => {
        written.set(path, String(content))
      }
    },
    onDiskError
  })
  await refusedParameters.open()
  const calls: ProviderCall[] = []
  const charges: ProviderCharge[] = []
  const refused: Array<[model: string, names: string[]]> = []
  const partials: Buffer[] = []
  const client = createOpenAi({
    config: {
      name: 'openai',
      apiKey,
      baseUrl,
      headers: {},
      organization: undefined,
      project: undefined,
      prices: KNOWN_PRICES,
      passesRefusals: false,
      ...config,
      image: { ...IMAGE, ...image },
      enhancement: { ...ENHANCEMENT, ...enhancement }
    },
    proxies,
    refusedParameters,
    retry: createRetry({ circuits, clock: time.clock }),
    breakers,
    ledger,
    onCall: (call) => calls.push(call),
    onCharge: (charge) => charges.push(charge),
    onRefusedParameters: (model, names) => refused.push([model, names]),
    clock: time.clock
  })
  t.teardown(async () => {
    await Promise.all([client.close(), refusedParameters.close()])
    circuits.stop()
  })

  async function ended<T>(run: (onAttempt: () => void) => Promise<T>): Promise<Ended<T>> {
    let attempts = 0
    try {
      return { result: await run(() => (attempts += 1)), attempts }
    } catch (error) {
      if (!isServiceError(error)) throw error
      return { error, attempts }
    }
  }

  return {
    client,
    time,
    breakers,
    ledger,
    refusedParameters,
    calls,
    charges,
    refused,
    partials,

    /** Draws, and downloads the image if the answer is a URL. */
    async draw({
      prompt = 'An otter',
      orientation = 'square',
      signal = new AbortController().signal
    }: { prompt?: string; orientation?: Orientation; signal?: AbortSignal } = {}): Promise<
      Ended<{ bytes: Buffer; mode: Drawing['downloadMode'] }>
    > {
      return await ended(async (onAttempt) => {
        const drawing = await client.draw(prompt, orientation, signal, {
          step: stepOf('draw'),
          onAttempt,
          onPartial: (partial) => partials.push(partial),
          onCharge: () => {},
          onProvider: async () => {}
        })
        return { bytes: await drawing.download(signal), mode: drawing.downloadMode }
      })
    },

    async enhance(prompt = 'An otter'): Promise<Ended<string>> {
      return await ended(
        async () =>
          await client.enhance(prompt, 'a writer', new AbortController().signal, stepOf('enhance'), () => {})
      )
    }
  }
}
