import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { describeDress } from '../../../lib/commands/dress.ts'
import { ATTRIBUTES } from '../../../lib/dress/databases.ts'
import { ADDRESS, temporaryFolder } from '../../helper.ts'
import { databases } from '../dress/built-in.ts'
import { goFolder } from '../dress/go-databases.ts'

t.test('the command dress describes a dress and its prompts', async (t) => {
  const unreadable: string[] = []
  const dress = async (dataDir: string, series: string, address: string) =>
    await describeDress({ dataDir, series, address, onUnreadable: (file) => unreadable.push(file) })
  const { dataDir, folder } = await goFolder(t)
  const empty = await temporaryFolder(t)

  const text = await dress(empty, 'birds', ADDRESS.toUpperCase().replace('0X', '0x'))
  t.ok(text.startsWith(`${ADDRESS} in birds: Feathered company`), text.slice(0, 100))
  t.match(text, databases.hash)
  t.match(text, /^noun +\d+ of 2\d\d +[^|]+( \| [^|]+)* \| bird \| chordate$/m)
  for (const { name } of ATTRIBUTES) t.match(text, new RegExp(`^${name} +\\d+ of \\d+ +\\S`, 'm'))
  for (const kind of ['title', 'terse', 'prompt', 'technical']) {
    t.match(text, new RegExp(`^${kind}\\n\\S`, 'm'))
  }
  t.match(
    await dress(dataDir, 'empty', ADDRESS),
    /^adverb +4 of 4 +calmly \| at ease$/m,
    'the databases of the data folder'
  )
  t.same(unreadable, [])

  await t.rejects(dress(empty, 'birds', '0x12'), {
    message: '"0x12" is not an address: 0x and 40 hexadecimal digits are wanted.'
  })
  await t.rejects(dress(empty, 'brids', ADDRESS), {
    message: /^"brids" is not a series; there are archetypes, .*\.$/
  })
  await rm(join(folder, 'gazes.csv'))
  await t.rejects(dress(dataDir, 'empty', ADDRESS), { message: /^databases\/gazes\.csv is missing / })
})
