// Writes pictures without captions, a form for someone who judges them, and, apart, the answers.
// npm run blind-test -- [folder] [count] [salt]
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { parseTraits } from '../../lib/dress/traits.ts'
import { composeScene } from '../../lib/image/local/scene.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import type { DalleDress } from '../../lib/schemas/dress.ts'
import type { Series } from '../../lib/schemas/series.ts'

const SIDE_PIXELS = 640
const [folder = 'blind-test', countText = '48', salt = `${Date.now()}`] = process.argv.slice(2)
const count = Number(countText)

/** The class of the body, the feeling and the group of the art style. */
function answerOf(dress: DalleDress): { body: string; feeling: string; style: string; noun: string } {
  const { noun, emotion, artStyle1 } = parseTraits(dress.attributes)
  return {
    body: noun?.fields[3] ?? '',
    feeling: emotion?.fields[1] ?? '',
    style: artStyle1?.fields[1] ?? '',
    noun: noun?.name ?? ''
  }
}

const listed = (items: string[]) =>
  [...new Set(items)]
    .sort()
    .map((item) => `- ${item}`)
    .join('\n')

const databases = await loadDatabases(BUILT_IN_DATABASES)
const series = JSON.parse(await readFile(join(PACKAGE_ROOT, 'lib/dress/series/empty.json'), 'utf8')) as Series
const dressOf = (index: number) => {
  const address = `0x${createHash('sha256').update(`blind ${salt} ${index}`).digest('hex').slice(0, 40)}`
  return prepareDress(databases, series, address).dress
}
const dresses = Array.from({ length: count }, (_, index) => dressOf(index))
// The lists have what is in the databases, so that they tell nothing about these pictures.
const known = Array.from({ length: 1500 }, (_, index) => answerOf(dressOf(count + index)))
const nameOf = (index: number) => String(index + 1).padStart(2, '0')

await mkdir(folder, { recursive: true })
for (const [index, dress] of dresses.entries()) {
  await sharp(Buffer.from(composeScene(dress, SIDE_PIXELS)))
    .png()
    .toFile(join(folder, `${nameOf(index)}.png`))
}
const rows = dresses.map((_, index) => `| ${nameOf(index)} |  |  |  |  |`).join('\n')
await writeFile(
  join(folder, 'form.md'),
  `# Blind test\n\nName for each picture the class of the body, the feeling and the group of the art style from the ` +
    `lists below, and give a mark from 1 (ugly) to 5 (fit for a wall). Judge all before you open the answers.\n\n` +
    `| picture | body | feeling | style group | mark |\n|---|---|---|---|---|\n${rows}\n\n` +
    `## Bodies\n\n${listed(known.map(({ body }) => body))}\n\n` +
    `## Feelings\n\n${listed(known.map(({ feeling }) => feeling))}\n\n` +
    `## Style groups\n\n${listed(known.map(({ style }) => style))}\n`
)
await writeFile(
  join(folder, 'answers.json'),
  `${JSON.stringify(Object.fromEntries(dresses.map((dress, index) => [nameOf(index), answerOf(dress)])), null, 2)}\n`
)
console.log(`${folder}: ${count} pictures, form.md and answers.json, of the salt ${salt}`)
