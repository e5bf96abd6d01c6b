import { ConfigError } from '../config/config-error.ts'
import { BUILT_IN_DATABASES, loadDatabases, loadUserDatabases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import { createSeriesRegistry } from '../dress/series-registry.ts'
import { quote } from '../errors.ts'
import { printable } from '../printable.ts'
import type { Attribute } from '../schemas/dress.ts'
import { createFiles } from '../storage/files.ts'
import { isAddress, seriesName } from '../storage/layout.ts'

export interface DressOptions {
  dataDir: string
  series: string
  address: string
  /** Called for each series of the data folder that cannot be used. */
  onUnreadable: (file: string, reason: string) => void
}

/**
 * The text of `dalleserver dress`: the dress of an address and its prompts.
 * @throws ConfigError for a series or an address that is none
 */
export async function describeDress({
  dataDir,
  series: name,
  address: addressText,
  onUnreadable
}: DressOptions): Promise<string> {
  const address = addressText.toLowerCase()
  if (!isAddress(address)) {
    const given = quote(printable(addressText))
    throw new ConfigError(`${given} is not an address: 0x and 40 hexadecimal digits are wanted.`)
  }
  const files = createFiles({ root: dataDir })
  const registry = await createSeriesRegistry({ files, onUnreadable })
  const series = await registry.get(seriesName(name))
  if (series === undefined) {
    const names = (await registry.names()).join(', ')
    throw new ConfigError(`${quote(printable(name))} is not a series; there are ${names}.`)
  }
  const databases = (await loadUserDatabases(files)) ?? (await loadDatabases(BUILT_IN_DATABASES))

  const { dress, prompts } = prepareDress(databases, series, address)
  return `${address} in ${series.suffix}${series.purpose === undefined ? '' : `: ${series.purpose}`}
databases ${dress.databaseVersion}, ${dress.databaseHash}

${tableOf(dress.attributes)}

title
${prompts.title}

terse
${prompts.terse}

prompt
${prompts.prompt}

technical
${prompts.technical}
`
}

function tableOf(attributes: readonly Attribute[]): string {
  const rows = attributes.map(
    ({ name, selector, count, value }) =>
      [name, `${selector + 1} of ${count}`, value.replaceAll(',', ' | ')] as const
  )
  const widths = [0, 1].map((column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}
