import { createAverages } from '../../../lib/progress/averages.ts'
import type { Averages } from '../../../lib/progress/averages.ts'
import { WORK_PHASES } from '../../../lib/progress/phases.ts'
import type { WorkPhase } from '../../../lib/progress/phases.ts'
import { createRunProgress } from '../../../lib/progress/run.ts'
import type { DalleDress } from '../../../lib/schemas/dress.ts'
import { ADDRESS } from '../../helper.ts'

export const SECOND = 1e9
export const ALL_PHASES = [
  'setup',
  'base_prompts',
  'enhance_prompt',
  'image_prep',
  'image_wait',
  'image_download',
  'annotate',
  'failed',
  'completed'
]
export const OTHER = `0x${'0'.repeat(40)}`

/** Seconds that phases take on average; 50 together. */
export const USUAL: Record<WorkPhase, number> = {
  setup: 1,
  base_prompts: 1,
  enhance_prompt: 2,
  image_prep: 1,
  image_wait: 30,
  image_download: 5,
  annotate: 10
}

/** A clock in Unix nanoseconds that moves only when the test moves it. */
export function createNsClock() {
  let ns = 1_700_000_000 * SECOND
  return {
    now: () => ns,
    pass: (seconds: number) => {
      ns += seconds * SECOND
    }
  }
}

/** Stored statistics with these averages. */
export function statsOf(seconds: Partial<Record<string, number>>) {
  return {
    version: 'v1',
    phaseAverages: Object.fromEntries(
      Object.entries(seconds).map(([phase, value]) => [phase, { count: 3, avgNs: value! * SECOND }])
    ),
    generationRuns: 3,
    cacheHits: 4
  }
}

export function plainDress(): DalleDress {
  return {
    original: ADDRESS,
    originalName: '',
    fileName: ADDRESS,
    fileSize: 0,
    modifiedAt: 0,
    seed: '',
    prompt: '',
    dataPrompt: '',
    titlePrompt: '',
    tersePrompt: '',
    enhancedPrompt: '',
    attributes: [],
    seedChunks: [],
    selectedTokens: [],
    selectedRecords: [],
    imageUrl: '',
    generatedPath: '',
    annotatedPath: '',
    downloadMode: '',
    ipfsHash: '',
    cacheHit: false,
    completed: false,
    series: 'simple',
    colorLimit: '',
    databaseVersion: '',
    databaseHash: ''
  }
}

/** A run with a clock of its own, and the number of its changes. */
export function createRun(averages: Averages = createAverages()) {
  const clock = createNsClock()
  const changes = { count: 0 }
  const run = createRunProgress({
    runId: 'a-run',
    series: 'simple',
    address: ADDRESS,
    provider: 'local',
    dress: plainDress(),
    averages,
    now: clock.now,
    onChange: () => {
      changes.count += 1
    }
  })
  return { run, clock, changes }
}

/** A run that works through all phases, each `seconds` long. */
export function workThrough(
  run: ReturnType<typeof createRun>['run'],
  clock: ReturnType<typeof createNsClock>,
  seconds: (phase: WorkPhase) => number
): void {
  for (const phase of WORK_PHASES) {
    run.begin(phase)
    clock.pass(seconds(phase))
  }
}
