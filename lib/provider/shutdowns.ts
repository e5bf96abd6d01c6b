/** Days (UTC) from which OpenAI no longer serves a model, as announced by October 2026 (https://developers.openai.com/api/docs/deprecations). */
const ANNOUNCED: ReadonlyArray<[day: string, models: string[]]> = [
  ['2026-05-12', ['dall-e-2', 'dall-e-3']],
  ['2026-10-23', ['gpt-image-1', 'gpt-4.1-nano', 'gpt-4o-2024-05-13']],
  ['2026-12-01', ['gpt-image-1-mini', 'gpt-image-1.5', 'chatgpt-image-latest']],
  ['2026-12-11', ['gpt-5', 'gpt-5-mini', 'gpt-5-nano']],
  ['2027-01-14', ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini']],
  ['2027-04-01', ['gpt-5.1', 'gpt-5.4-nano']]
]

const SHUTDOWNS = new Map(
  ANNOUNCED.flatMap(([day, models]) => models.map((model) => [model, new Date(`${day}T00:00:00Z`)] as const))
)

/** When the model is shut down, that of its family for a dated version; undefined where nothing is announced. */
export function shutdownOf(model: string): Date | undefined {
  return SHUTDOWNS.get(model) ?? SHUTDOWNS.get(model.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
}
