/** What a scenario has done and found. The counts of `ZEROS` must stay 0. */
export interface Tally {
  scenario: string
  kills: number
  faults: number
  /** Runs whose `generate=1` was answered with 200. */
  accepted: number
  /** Runs that ended with a failure which the contract names, and whose picture came at the next request. */
  declared: number
  forgotten: number
  paidTwice: number
  filesLost: number
  halfFiles: number
  /** All other breaches. */
  problems: string[]
  notes: string[]
  /** Why the scenario did not run here. */
  skipped?: string
}

export const ZEROS = {
  forgotten: 'runs forgotten',
  paidTwice: 'calls paid twice beyond the declared',
  filesLost: 'files lost',
  halfFiles: 'half files'
} as const

export function newTally(scenario: string): Tally {
  return {
    scenario,
    kills: 0,
    faults: 0,
    accepted: 0,
    declared: 0,
    forgotten: 0,
    paidTwice: 0,
    filesLost: 0,
    halfFiles: 0,
    problems: [],
    notes: []
  }
}

export function isClean(tally: Tally): boolean {
  return (
    tally.problems.length === 0 && Object.keys(ZEROS).every((zero) => tally[zero as keyof typeof ZEROS] === 0)
  )
}

/** One Markdown table of all scenarios with their sums, and what was found below it. */
export function formatTable(tallies: readonly Tally[]): string {
  const counts = [
    'kills',
    'faults',
    'accepted',
    'declared',
    ...(Object.keys(ZEROS) as Array<keyof typeof ZEROS>)
  ] as const
  const heads = ['kills', 'faults', 'runs', 'declared failures', ...Object.values(ZEROS), 'other breaches']
  const cells = (tally: Tally) => [
    ...counts.map((count) => String(tally[count])),
    String(tally.problems.length)
  ]
  const sum = newTally('**all**')
  for (const tally of tallies) {
    for (const count of counts) sum[count] += tally[count]
    sum.problems.push(...tally.problems)
  }
  const row = (values: readonly string[]) => `| ${values.join(' | ')} |`
  const rows = [...tallies, sum].map((tally) =>
    tally.skipped === undefined
      ? row([tally.scenario, ...cells(tally), isClean(tally) ? 'held' : 'BROKEN'])
      : row([tally.scenario, ...cells(tally).map(() => '–'), `skipped: ${tally.skipped}`])
  )
  const remarks = tallies.flatMap(({ scenario, problems, notes }) => [
    ...problems.map((problem) => `- ${scenario}: BROKEN: ${problem}`),
    ...notes.map((note) => `- ${scenario}: ${note}`)
  ])
  const heading = row(['scenario', ...heads, 'result'])
  const rule = row(['---', ...heads.map(() => '---:'), '---'])
  return [heading, rule, ...rows, '', ...remarks, ''].join('\n')
}
