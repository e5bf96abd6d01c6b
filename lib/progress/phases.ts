/** The phases of the work, in order. */
export const WORK_PHASES = [
  'setup',
  'base_prompts',
  'enhance_prompt',
  'image_prep',
  'image_wait',
  'image_download',
  'annotate'
] as const

/** All phases of a snapshot: the work, then the two ways in which a run ends. */
export const PHASES = [...WORK_PHASES, 'failed', 'completed'] as const

export type WorkPhase = (typeof WORK_PHASES)[number]
export type Phase = (typeof PHASES)[number]
