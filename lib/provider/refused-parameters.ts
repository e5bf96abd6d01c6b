import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { createSingleFlight } from '../single-flight.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS } from '../storage/layout.ts'

const PATH = `${FOLDERS.metrics}/refused_parameters.json`
const FILE_BYTES_MAX = 1_000_000

/** The file: the refused parameters of each model, by the URL of the endpoint without its query. */
const FileSchema = Type.Object({
  version: Type.Literal('v1'),
  refused: Type.Record(Type.String(), Type.Record(Type.String(), Type.Array(Type.String())))
})

export interface RefusedParametersOptions {
  files: Pick<Files, 'readText' | 'write'>
  /** Called when the file cannot be read or written. Then the parameters are learned again. */
  onDiskError: (error: unknown) => void
}

export type RefusedParameters = ReturnType<typeof createRefusedParameters>

/**
 * Keeps which parameters each model refuses, in `metrics/refused_parameters.json`. Remove the file to try them again.
 */
export function createRefusedParameters({ files, onDiskError }: RefusedParametersOptions) {
  const refused = new Map<string, Map<string, Set<string>>>()
  const writes = createSingleFlight()
  let saving: Promise<void> = Promise.resolve()

  function setOf(endpoint: string, model: string): Set<string> {
    const models = refused.get(endpoint) ?? new Map<string, Set<string>>()
    refused.set(endpoint, models)
    const names = models.get(model) ?? new Set<string>()
    models.set(model, names)
    return names
  }

  async function read(): Promise<void> {
    const text = await files.readText(PATH, { maxBytes: FILE_BYTES_MAX })
    if (text === undefined) return
    const file: unknown = JSON.parse(text)
    if (!Value.Check(FileSchema, file)) throw new Error(`${PATH} does not list refused parameters`)
    for (const [endpoint, models] of Object.entries(file.refused)) {
      for (const [model, names] of Object.entries(models)) {
        for (const name of names) setOf(endpoint, model).add(name)
      }
    }
  }

  async function save(): Promise<void> {
    // Another process may have worked on the folder since the start, and have learned more.
    await read().catch(() => {})
    const plain = [...refused].map(([endpoint, models]) => [
      endpoint,
      Object.fromEntries([...models].map(([model, names]) => [model, [...names]]))
    ])
    const file = { version: 'v1', refused: Object.fromEntries(plain) as unknown }
    await files.write(PATH, `${JSON.stringify(file, null, 2)}\n`)
  }

  return {
    /** Reads the file. */
    async open(): Promise<void> {
      await read().catch(onDiskError)
    },

    of(url: string, model: string): string[] {
      return [...(refused.get(endpointOf(url))?.get(model) ?? [])]
    },

    /**
     * Adds parameters that a model has refused, and writes the file.
     * @returns those that were not known: a call at the same time may have met the same refusal
     */
    add(url: string, model: string, names: readonly string[]): string[] {
      const known = setOf(endpointOf(url), model)
      const added = names.filter((name) => !known.has(name))
      if (added.length > 0) {
        for (const name of added) known.add(name)
        saving = writes.runNext(PATH, save).catch(onDiskError)
      }
      return added
    },

    /** Resolves when everything is on disk. */
    async close(): Promise<void> {
      await saving
    }
  }
}

/** The query may hold a secret. */
function endpointOf(url: string): string {
  return url.split('?', 1)[0]!
}
