import { execFileSync } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import { ATTRIBUTES, BUILT_IN_DATABASES, loadUserDatabases } from '../../../lib/dress/databases.ts'
import { writePrompts } from '../../../lib/dress/prompts.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { createFiles } from '../../../lib/storage/files.ts'
import { ADDRESS, build, pollUntilDone, temporaryFolder } from '../../helper.ts'
import { databases } from './built-in.ts'
import { GO, goFolder } from './go-databases.ts'
import { missingFrom, promptFlaws, wearing } from '../../tools/prompt-rules.ts'

const loadFrom = async (dataDir: string) => await loadUserDatabases(createFiles({ root: dataDir }))

t.test(
  "the databases in the data folder replace all built-in ones and are read like the Go library's archive",
  async (t) => {
    const { dataDir } = await goFolder(t)
    const own = (await loadFrom(dataDir))!
    t.equal(own.version, 'v0.1.0')
    t.match(own.hash, /^sha256:[0-9a-f]{64}$/)
    t.same(own.rows.adverbs, [
      'abruptly,"all at once, and without a word"',
      'no-version-ly,as it came',
      'boldly',
      'calmly,at ease'
    ])
    t.same(own.rows.colors, ['azure,#f0ffff', 'beige,#f5f5dc', 'coral,#ff7f50'])
    t.same(
      own.rows.nouns,
      ['otter,weasels,carnivores,mammal,chordate', 'owl,owls,,,', 'chimera,,,,', 'sphinx,,,,'],
      'a noun climbs as far as the chain goes'
    )

    const chosen = (series: Partial<Series>) => selectAttributes(own, { suffix: 'go', ...series }, ADDRESS)
    // 0xf50301 of 2^24 is 0.957: row 3 of 4; 0x017d7b row 0; 0x7baf7f, 0.483: row 1 of 4.
    t.match(chosen({})[0], { count: 4, selector: 3, value: 'calmly,at ease' })
    t.match(chosen({})[1], { count: 3, selector: 0, value: 'amber,of the colour' })
    t.match(chosen({})[2], { count: 4, selector: 1, value: 'owl,owls,,,' })
    t.match(chosen({})[6], { count: 2, value: /^(cubism|fauvism)/ }, 'what is sensitive is left out')
    t.match(
      chosen({ artstyles: ['icon'] })[6],
      { count: 1, value: 'icon,old,sensitive,gilds' },
      'unless asked for'
    )
    t.match(chosen({ adverbs: ['no such'] })[0], { count: 1, selector: 0, value: 'none' })
    for (const attributes of [
      chosen({}),
      chosen({ adverbs: ['no such'], artstyles: ['none'], places: ['none'] })
    ]) {
      const { title, terse, prompt } = writePrompts(attributes, '')
      for (const text of [title, terse, prompt]) t.notMatch(text, /\bnone\b|undefined|\[\{| {2}/)
    }
  }
)

t.test('rows with missing columns make prompts without faults', async (t) => {
  const { dataDir } = await goFolder(t)
  const own = (await loadFrom(dataDir))!
  const base = selectAttributes(databases, { suffix: 'some' }, ADDRESS)
  for (const { database, name } of ATTRIBUTES) {
    if (database === 'adverbs') continue
    for (const row of own.rows[database]) {
      const attributes = wearing(base, { [name]: row })
      t.same(
        [
          ...promptFlaws(writePrompts(attributes, '')),
          ...missingFrom(writePrompts(attributes, ''), attributes)
        ],
        [],
        row
      )
    }
  }
})

t.test('the service uses the databases in the data folder', async (t) => {
  const { dataDir } = await goFolder(t)
  const own = (await loadFrom(dataDir))!
  const { url } = await build(t, { dataDir })
  const { dalleDress } = await pollUntilDone(`${url}/dalle/empty/${ADDRESS}?generate=1`)
  t.match(dalleDress, {
    databaseVersion: 'v0.1.0',
    databaseHash: own.hash,
    selectedRecords: ['calmly,at ease', 'amber,of the colour']
  })
  t.match(JSON.parse(await readFile(join(dataDir, `output/empty/selector/${ADDRESS}.json`), 'utf8')), {
    databaseVersion: 'v0.1.0',
    databaseHash: own.hash
  })
  t.match(
    await (await fetch(`${url}/metrics`)).text(),
    new RegExp(`^dalleserver_build_info\\{.*databases="v0\\.1\\.0",databases_hash="${own.hash}"\\} 1$`, 'm')
  )
})

t.test('a copy of the built-in files is the same databases', async (t) => {
  const dataDir = await temporaryFolder(t)
  await cp(BUILT_IN_DATABASES, join(dataDir, 'databases'), { recursive: true })
  t.same(await loadFrom(dataDir), databases)
})

t.test('databases without a version column are called unversioned', async (t) => {
  const { dataDir, folder } = await goFolder(t)
  for (const [name, rows] of Object.entries(GO)) {
    await writeFile(join(folder, `${name}.csv`), ['header', ...rows].join('\n').replaceAll('v0.1.0,', ''))
  }
  t.match(await loadFrom(dataDir), {
    version: 'unversioned',
    rows: { actions: ['running,moving fast', 'sitting'] }
  })
})

t.test('without tables in the data folder the built-in databases are used', async (t) => {
  const dataDir = await temporaryFolder(t)
  t.equal(await loadFrom(dataDir), undefined)
  await mkdir(join(dataDir, 'databases'))
  await writeFile(join(dataDir, 'databases/._nouns.csv'), 'x')
  await writeFile(join(dataDir, 'databases/README.txt'), 'x')
  t.equal(await loadFrom(dataDir), undefined, 'a folder without a table is none')
  const odd = await temporaryFolder(t)
  await mkdir(join(odd, 'databases/databases'), { recursive: true })
  await t.rejects(
    loadFrom(odd),
    { message: /holds the folder databases but no \.csv file/ },
    'an archive unpacked one folder too deep'
  )
  await rm(join(odd, 'databases'), { recursive: true })
  await writeFile(join(odd, 'databases'), '')
  await t.rejects(loadFrom(odd), { message: /^databases in the data folder is a file;/ })
  await rm(join(odd, 'databases'))
  await mkdir(join(odd, 'databases'))
  await writeFile(join(odd, 'databases/NOUNS.CSV'), 'version,noun\nv0.1.0,otter\n')
  await t.rejects(loadFrom(odd), { message: /^databases\/\w+\.csv is missing/ }, 'names in capitals')
  const { url } = await build(t, { dataDir })
  t.match(
    await (await fetch(`${url}/metrics`)).text(),
    `databases="v1.0.0",databases_hash="${databases.hash}"} 1`
  )
})

t.test('an error names a missing or broken file', async (t) => {
  const cases: Array<[what: string, spoil: (file: string) => Promise<unknown>, reason: RegExp]> = [
    [
      'missing',
      async (file) => await rm(file),
      /^databases\/gazes\.csv is missing in the data folder: .* all 19 files must be there$/
    ],
    [
      'a folder',
      async (file) => {
        await rm(file)
        await mkdir(file)
      },
      /^databases\/gazes\.csv in the data folder cannot be read: it is a folder$/
    ],
    [
      'a FIFO',
      async (file) => {
        await rm(file)
        execFileSync('mkfifo', [file])
      },
      /^databases\/gazes\.csv in the data folder cannot be read: it is not a regular file$/
    ],
    [
      'a link out of the data folder',
      async (file) => {
        await rm(file)
        await symlink('/proc/version', file)
      },
      /gazes\.csv in the data folder cannot be read: it is a link that leads to no file in the data folder$/
    ],
    [
      'packed',
      async (file) => await writeFile(file, Buffer.from([0x1f, 0x8b, 8, 0, 0])),
      /^databases\/gazes\.csv in the data folder is not UTF-8 text$/
    ],
    [
      'in UTF-16',
      async (file) => await writeFile(file, Buffer.from('version,gaze\nv0.1.0,up\n', 'utf16le')),
      /gazes\.csv in the data folder is not UTF-8 text$/
    ],
    ['empty', async (file) => await writeFile(file, ''), /gazes\.csv in the data folder has no rows/],
    [
      'a header only',
      async (file) => await writeFile(file, 'version,gaze\n\n,\n'),
      /gazes\.csv in the data folder has no rows/
    ]
  ]
  for (const [what, spoil, reason] of cases) {
    const { dataDir, folder } = await goFolder(t)
    await spoil(join(folder, 'gazes.csv'))
    await t.rejects(loadFrom(dataDir), { message: reason }, what)
  }
})
