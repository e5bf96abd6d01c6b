import { Value } from '@sinclair/typebox/value'
import type { Prompts } from '../dress/prompts.ts'
import { DalleDressSchema } from '../schemas/dress.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Files } from '../storage/files.ts'
import { artifactPath, inOutput, metadataPath } from '../storage/layout.ts'
import type { Artifact } from '../storage/layout.ts'
import type { Metadata } from './metadata.ts'

/** Every prompt that is kept, the enhanced one empty where no language model was asked. */
export type KeptPrompts = Prompts & { enhanced: string }

const PROMPT_ARTIFACTS = [
  'data',
  'title',
  'terse',
  'prompt',
  'technical',
  'enhanced'
] as const satisfies ReadonlyArray<keyof KeptPrompts & Artifact>

export type Artifacts = ReturnType<typeof createArtifacts>

/** What a run leaves on disk beside the annotated picture. */
export function createArtifacts(files: Pick<Files, 'readText' | 'write' | 'remove'>) {
  const pathOf = (artifact: Artifact, series: string, address: string) =>
    inOutput(artifactPath(artifact, series, address))

  return {
    /** The prompts of an earlier run; those that are on disk. */
    async readPrompts(series: string, address: string): Promise<Partial<KeptPrompts>> {
      const texts = await Promise.all(
        PROMPT_ARTIFACTS.map(
          async (artifact) => [artifact, await files.readText(pathOf(artifact, series, address))] as const
        )
      )
      return Object.fromEntries(texts.filter(([, text]) => text !== undefined && text !== ''))
    },

    /** Writes the prompts given, leaving out empty ones. */
    async writePrompts(series: string, address: string, prompts: Partial<KeptPrompts>): Promise<void> {
      await Promise.all(
        Object.entries(prompts)
          .filter(([, text]) => text !== '')
          .map(([artifact, text]) => files.write(pathOf(artifact as Artifact, series, address), text))
      )
    },

    /** Removes the enhanced prompt, so that a later run asks for another. */
    async removeEnhanced(series: string, address: string): Promise<void> {
      await files.remove(pathOf('enhanced', series, address))
    },

    async writeGenerated(series: string, address: string, png: Uint8Array): Promise<void> {
      await files.write(pathOf('generated', series, address), png)
    },

    /** Writes the dress and the metadata of a picture that is about to be put in place. */
    async writeRecords(dress: DalleDress, metadata: Metadata): Promise<void> {
      const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
      await Promise.all([
        files.write(pathOf('selector', dress.series, dress.original), json(dress)),
        files.write(inOutput(metadataPath(dress.series, dress.seed)), json(metadata))
      ])
    },

    /**
     * The dress that a picture was made from, as far as it is on disk; the rest from the dress that would be made today.
     * @param today what the databases and the series give now
     */
    async readDress(today: DalleDress): Promise<DalleDress> {
      const { series, original: address } = today
      const [selector, prompts] = await Promise.all([
        files.readText(pathOf('selector', series, address)),
        this.readPrompts(series, address)
      ])
      const dress = { ...today, ...parseDress(selector, today) }
      return { ...dress, ...asFields(prompts) }
    }
  }
}

/** The prompts by the fields of a dress that show them. */
export function asFields(prompts: Partial<KeptPrompts>): Partial<DalleDress> {
  const { data, title, terse, prompt, enhanced } = prompts
  return Object.fromEntries(
    Object.entries({
      dataPrompt: data,
      titlePrompt: title,
      tersePrompt: terse,
      prompt,
      enhancedPrompt: enhanced
    }).filter(([, text]) => text !== undefined)
  )
}

/** The fields of a kept dress, nothing when it is unreadable or of another picture. */
function parseDress(json: string | undefined, today: DalleDress): Partial<DalleDress> {
  try {
    const { generatedPath, annotatedPath, ...fields } = JSON.parse(json ?? '') as Partial<DalleDress>
    const kept = { databaseVersion: '', databaseHash: '', ...fields }
    return Value.Check(DalleDressSchema, { ...today, ...kept }) && fields.original === today.original
      ? kept
      : {}
  } catch {
    return {}
  }
}
