// npm run dress -- <series> <address>: prints the dress of an address and its prompts. It draws and writes nothing.
import { readDotenv } from '../../lib/config/command.ts'
import { createConfig } from '../../lib/config/config.ts'
import { BUILT_IN_DATABASES, loadDatabases, loadUserDatabases } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { createSeriesRegistry } from '../../lib/dress/series-registry.ts'
import type { Attribute } from '../../lib/schemas/dress.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { isAddress } from '../../lib/storage/layout.ts'

try {
  process.stdout.write(await describe(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
}

async function describe(args: string[]): Promise<string> {
  const [name, addressText = '', ...rest] = args
  if (name === undefined || rest.length > 0) throw new Error('Usage: npm run dress -- <series> <address>')
  const address = addressText.toLowerCase()
  if (!isAddress(address)) {
    throw new Error(`"${addressText}" is not an address: 0x and 40 hexadecimal digits are wanted.`)
  }

  const files = createFiles({ root: createConfig({ ...readDotenv(), ...process.env }).dataDir })
  const registry = await createSeriesRegistry({
    files,
    onUnreadable: (file, reason) => process.stderr.write(`${file} cannot be used: ${reason}\n`)
  })
  const series = await registry.get(name.toLowerCase())
  if (series === undefined) {
    throw new Error(`"${name}" is not a series; there are ${(await registry.names()).join(', ')}.`)
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
