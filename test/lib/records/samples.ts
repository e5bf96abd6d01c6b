/** The SHA-256 of `Person Tour Coordinates`. */
export const SEED = 'dddd723c8a04831545f4890b843c520370f1547db507786023325b4b9de98a1c'

/** A record as the Go server writes it, in a folder that was elsewhere then. */
export const GO_RECORD = {
  metadataVersion: '1.0.0',
  imageId: `sha256:${'1'.repeat(64)}`,
  input: 'Person Tour Coordinates',
  seed: SEED,
  series: { name: 'simple', hash: `sha256:${'2'.repeat(64)}`, source: 'embedded' },
  recipe: { name: 'default', version: '1.0.0' },
  database: { version: '1.0.0', archiveHash: `sha256:${'3'.repeat(64)}` },
  selectedRecords: [
    { attribute: 'adverb', database: 'adverbs', rowIndex: 4, record: 'boldly,with courage' },
    { attribute: 'backStyle', database: 'backstyles', rowIndex: 0, record: 'a plain [{Color3}] background' }
  ],
  prompts: { prompt: 'Draw a cat.', titlePrompt: 'The Cat', tersePrompt: 'A cat.' },
  artifacts: {
    generated: `/home/go/.local/share/trueblocks/dalle/output/simple/generated/${SEED}.png`,
    annotated: `/home/go/.local/share/trueblocks/dalle/output/simple/annotated/${SEED}.png`
  },
  stages: {
    selected: { status: 'complete' },
    prompted: { status: 'complete' },
    enhanced: { status: 'skipped' },
    generated: { status: 'complete' },
    annotated: { status: 'complete' }
  },
  status: { completed: true, cacheHit: false },
  unknown: 'is ignored'
}

const { stages: _stages, status: _status, ...withoutStates } = GO_RECORD

/** A record as older versions of this server wrote it. */
export const OLD_RECORD = {
  ...withoutStates,
  series: { name: 'simple', hash: `sha256:${'2'.repeat(64)}` },
  provider: 'local',
  modifiedAt: 1_763_851_712,
  prompts: { ...GO_RECORD.prompts, enhancedPrompt: '', technicalPrompt: 'Figure: cat.' },
  artifacts: { generated: 'simple/generated/0x.png', annotated: 'simple/annotated/0x.png' }
}
