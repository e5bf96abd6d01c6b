import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import type { Test } from 'tap'
import { selectAttributes } from '../../lib/dress/attributes.ts'
import {
  ATTRIBUTES,
  BUILT_IN_DATABASES,
  TABLES,
  loadDatabases,
  loadUserDatabases
} from '../../lib/dress/databases.ts'
import type { Databases, TableName } from '../../lib/dress/databases.ts'
import { writePrompts } from '../../lib/dress/prompts.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { ADDRESS, build, pollUntilDone, temporaryFolder } from '../helper.ts'
import {
  RULES,
  lintTables,
  missingFrom,
  promptFlaws,
  readBuiltInTables,
  wearing
} from '../tools/data-rules.ts'
import type { Tables } from '../tools/data-rules.ts'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

const databases = await loadDatabases(BUILT_IN_DATABASES)
const tables = await readBuiltInTables()

t.test('the built-in databases', async (t) => {
  t.test('have no fault', async (t) => {
    t.same(lintTables(tables, databases), [])
  })

  t.test('are what the manifest says', async (t) => {
    const manifest = JSON.parse(await readFile(join(BUILT_IN_DATABASES, 'manifest.json'), 'utf8'))
    const files = (await readdir(BUILT_IN_DATABASES))
      .filter((name) => name.endsWith('.csv'))
      .map((name) => name.slice(0, -4))
    t.same(Object.keys(manifest.tables).sort(), files.sort())
    t.same([...TABLES].sort(), files)
    for (const name of TABLES) {
      const [header = '', ...lines] = tables[name].trimEnd().split('\n')
      t.same(
        manifest.tables[name],
        { columns: header.split(','), rows: lines.length, sha256: sha256(tables[name]) },
        name
      )
    }
    t.equal(manifest.version, 'v1.0.0')
    t.equal(databases.version, 'v1.0.0')
    const hashes = Object.values<{ sha256: string }>(manifest.tables).map(({ sha256 }) => sha256)
    t.equal(databases.hash, `sha256:${sha256(hashes.join('\n'))}`)
  })

  t.test("never change: a row's place decides pictures", async (t) => {
    t.equal(databases.hash, 'sha256:cacb8a7f98567ddf79e930a4baf8ef39c9cf3a70e6ab3f6f342d196bf1292d8d')
  })

  t.test('are as long as the issue of them asks', async (t) => {
    const rows = Object.fromEntries(
      TABLES.map((name) => [name, tables[name].trimEnd().split('\n').length - 1])
    )
    for (const name of TABLES) t.ok(rows[name]! >= RULES[name].atLeast, `${rows[name]} ${name}`)
  })
})

t.test('the linter finds what is wrong', async (t) => {
  const few = (name: TableName, count: number) =>
    `${tables[name]
      .split('\n')
      .slice(0, count + 1)
      .join('\n')}\n`
  const small: Tables = { ...tables }
  for (const { database } of ATTRIBUTES) if (database !== 'nouns') small[database] = few(database, 4)
  const smallRows = {
    ...databases,
    rows: Object.fromEntries(
      Object.entries(databases.rows).map(([name, rows]) => [name, rows.slice(0, 4)])
    ) as unknown as Databases['rows']
  }
  const lengthFaults = lintTables(small, smallRows)
  t.same(
    lengthFaults.filter((fault) => !/wanted/.test(fault)),
    [],
    'nothing but its length is wrong with a part of the tables'
  )

  const [adverb, adjective, occupation] = (['adverbs', 'adjectives', 'occupations'] as const).map((name) =>
    tables[name].split('\n')[1]!.split(',')
  )
  const edited = (name: TableName, from: string | RegExp, to: string): Tables => {
    const text = small[name].replace(from, to)
    if (text === small[name]) throw new Error(`${name} has no ${String(from)}`)
    return { ...small, [name]: text }
  }
  /** The last row of a table with one of its fields exchanged, at its place in the order. */
  const withRow = (name: TableName, row: string): Tables => {
    const [header, ...lines] = small[name].trimEnd().split('\n')
    return { ...small, [name]: `${[header, ...[...lines, `v1.0.0,${row}`].sort()].join('\n')}\n` }
  }
  const cases: Array<[what: string, broken: Tables, fault: RegExp]> = [
    ['a mark at the start', edited('gazes', /^/, '\uFEFF'), /^gazes\.csv: plain lines/],
    ['Windows line ends', edited('gazes', /\n/g, '\r\n'), /^gazes\.csv: plain lines/],
    ['no line feed at the end', edited('gazes', /\n$/, ''), /^gazes\.csv: plain lines/],
    ['quotes', edited('gazes', /\nv1\.0\.0,/, '\nv1.0.0,"'), /^gazes\.csv: plain lines/],
    ['an empty line', edited('gazes', /\n/, '\n\n'), /^gazes\.csv: plain lines/],
    ['another column', edited('gazes', 'description', 'meaning'), /^gazes\.csv: the columns are/],
    ['too few rows', small, /^adverbs\.csv: 4 rows; wanted are 800$/],
    [
      'rows out of order',
      { ...small, gazes: `${[...small.gazes.trimEnd().split('\n')].reverse().join('\n')}\n` },
      /sorted by code unit/
    ],
    ['another version', edited('adverbs', 'v1.0.0', 'v1.0.1'), /begins with v1\.0\.1/],
    [
      'a comma in a field',
      withRow('adverbs', 'zestfully,with lemon, and with mint'),
      /has 3 fields instead of 2/
    ],
    ['a column missing', withRow('adverbs', 'zestfully'), /has 1 fields instead of 2/],
    ['an empty field', withRow('adverbs', 'zestfully,'), /has an empty field/],
    [
      'a blank at the end',
      withRow('adverbs', 'zestfully ,with all the tang of a peeled lemon'),
      /blanks too many/
    ],
    ['two blanks', withRow('adverbs', 'zestfully,with all  the tang of a peeled lemon'), /blanks too many/],
    [
      'a letter in two parts',
      withRow('adverbs', 'zestfully,with the tang of a cafe\u0301 lemon'),
      /composed form/
    ],
    [
      'a full stop',
      withRow('adverbs', 'zestfully,with all the tang of a peeled lemon.'),
      /has the character \./
    ],
    ['a long dash', withRow('adverbs', 'zestfully,with tang — much of it in fact'), /has the character —/],
    ['none', withRow('adverbs', 'zestfully,none'), /has a field none/],
    [
      'a mark that is no mark',
      withRow('artstyles', 'zig-zag style,print,sacred,cuts jagged lines across the sheet'),
      /sensitive is empty or the word, not sacred/
    ],
    [
      'a curse',
      withRow('adverbs', 'zestfully,with a tang that makes the judge say bollocks'),
      /has the word bollocks/
    ],
    ['a grim word', withRow('adverbs', 'zestfully,like a drunk lemon in the sun'), /has the word drunk/],
    [
      'American spelling',
      withRow('adverbs', 'zestfully,with all the color of a peeled lemon'),
      /spells color as Americans do/
    ],
    ['a word twice', withRow('adverbs', 'zestfully,with the the tang of a peeled lemon'), /says the the/],
    [
      'a wrong article',
      withRow('adverbs', 'zestfully,with the tang of a orange in an unicorn lunchbox'),
      /says a orange/
    ],
    [
      'a wrong article by sound',
      withRow('adverbs', 'zestfully,with the tang of a lemon in an unicorn lunchbox'),
      /says an unicorn/
    ],
    [
      'the same name',
      withRow('adverbs', `${adverb![1]},with all the tang of a peeled lemon`),
      new RegExp(`is ${adverb![1]} again`)
    ],
    [
      'the plural',
      withRow('occupations', `${occupation![1]}s,paints every fence in the harbour twice a year`),
      new RegExp(`is .*${occupation![1]}`)
    ],
    [
      'the same name with a hyphen',
      withRow(
        'adjectives',
        `${adjective![1]!.slice(0, 3)}-${adjective![1]!.slice(3)},with all the tang of a peeled lemon`
      ),
      new RegExp(`is .*${adjective![1]!.slice(3)}`)
    ],
    [
      'a long definition',
      withRow('adverbs', `zestfully,with all ${'of the '.repeat(15)}tang`),
      /the definition has \d+ characters; fewer than 90 are wanted/
    ],
    [
      'a capital at the start',
      withRow('adverbs', 'zestfully,With all the tang of a peeled lemon'),
      /begins with a capital/
    ],
    ['a definition that breaks off', withRow('adverbs', 'zestfully,with all the tang of a'), /breaks off/],
    [
      'a circular definition',
      withRow('adverbs', 'zestfully,with all the zest of a peeled lemon'),
      /is explained by itself \(zest\)/
    ],
    [
      'the same definition',
      withRow('adverbs', `zestfully,${adverb![2]}`),
      new RegExp(`is defined like ${adverb![1]}`)
    ],
    [
      'an occupation that does nothing',
      withRow('occupations', 'zebra keeper,the one with the striped brush and pail'),
      /does not go on from the words before/
    ],
    [
      'an action that is none',
      withRow('actions', 'zipping,a coat that goes up to the chin'),
      /does not go on from the words before/
    ],
    [
      'a gaze with no reason',
      withRow('gazes', 'zealously upwards,looking for a kite that flew off'),
      /does not go on from the words before/
    ],
    [
      'a worn word',
      {
        ...small,
        adverbs: tables.adverbs
          .split('\n')
          .map((line, index) => (index > 0 && line !== '' && index < 40 ? `${line} lemons` : line))
          .join('\n')
      },
      /the word lemon is in \d+ definitions/
    ],
    [
      'a family that is missing',
      edited('families', /\nv1\.0\.0,Canidae.*/, ''),
      /^nouns\.csv: .*: families\.csv has no Canidae$/
    ],
    [
      'a family of nobody',
      withRow('families', 'Nemoidae,Carnivora,nobodies'),
      /^families\.csv: Nemoidae: nouns\.csv has nothing in it$/
    ],
    [
      'a phylum that is missing',
      edited('phyla', /\nv1\.0\.0,Chordata.*/, ''),
      /^classes\.csv: Aves: phyla\.csv has no Chordata$/
    ],
    ['no CSS colour', withRow('colors', 'zinc,#7d7f7d'), /^colors\.csv: zinc: CSS knows it as no colour/],
    [
      'a wrong code',
      edited('colors', '#f0f8ff', '#f0f8fe'),
      /^colors\.csv: aliceblue: CSS knows it as #f0f8ff/
    ],
    [
      'a polarity that is none',
      withRow('emotions', 'zest,joy,good,English,a tang of lemon in everything one does'),
      /^emotions\.csv: zest: good is neither/
    ],
    [
      'a backstyle without a slot',
      withRow('backstyles', 'zigzags of [{Color3}]'),
      /^backstyles\.csv: zigzags of \[\{Color3\}\]: lacks a slot$/
    ],
    ['too few groups', small, /^artstyles\.csv: groups: \d+ found, 14 wanted$/],
    ['too few countries', small, /^places\.csv: countries: \d+ found, 120 wanted$/]
  ]
  for (const [what, broken, fault] of cases) {
    const found = lintTables(broken, smallRows)
    t.ok(
      found.some((line) => fault.test(line)),
      what,
      { found: found.filter((line) => !lengthFaults.includes(line)), fault }
    )
    if (broken !== small) {
      t.notOk(
        lengthFaults.some((line) => fault.test(line)),
        `${what}: not found where there is none`
      )
    }
  }

  const read: Array<[what: string, rows: Partial<Databases['rows']>, fault: RegExp]> = [
    [
      'an article that the code gets wrong',
      { adjectives: ['unissued,with a hum'] },
      /^adjectives\.csv: unissued.*says a unissued/
    ],
    ['a name that is an article', { nouns: ['a otter,otters,carnivores,mammal,chordate'] }, /\\b\(\?:an\?\)/],
    ['a definition that is cut', { occupations: ['baker,bakes with the'] }, /bakes with the\. It is/],
    ['an unknown word for nothing', { places: ['none of them,Nowhere,Utopia'] }, /none/],
    ['a title that ends oddly', { places: ['the Wall,Nowhere!,Utopia'] }, /title: .*Nowhere!/],
    ['a name with a full stop', { occupations: ['baker.,bakes bread'] }, /technical: /],
    ['a name with a bar', { occupations: ['bak|er,bakes bread'] }, /data: /],
    [
      'a style that the author cannot be told of',
      { litstyles: ['fable,tells of  mice'] },
      /persona has {2}\{2\}/
    ],
    [
      'a name too long for a caption',
      { places: [`the ${'very '.repeat(40)}far hills,Nowhere,Utopia`] },
      /terse is not one sentence/
    ]
  ]
  for (const [what, rows, fault] of read) {
    const found = lintTables(small, { ...smallRows, rows: { ...smallRows.rows, ...rows } })
    t.ok(
      found.some((line) => fault.test(line)),
      what,
      { found: found.filter((line) => !lengthFaults.includes(line)), fault }
    )
  }
})

t.test('databases are loaded as the manifest describes them or not at all', async (t) => {
  async function copied(t: Test): Promise<string> {
    const folder = await temporaryFolder(t)
    await cp(BUILT_IN_DATABASES, folder, { recursive: true })
    return folder
  }
  const rewrite = async (folder: string, file: string, change: (text: string) => string) => {
    const before = await readFile(join(folder, file), 'utf8')
    const after = change(before)
    if (after === before) throw new Error('nothing changed')
    await writeFile(join(folder, file), after)
  }

  t.test('an untouched copy is the same databases', async (t) => {
    t.same(await loadDatabases(await copied(t)), databases)
  })
  t.test('one byte changed', async (t) => {
    const folder = await copied(t)
    await rewrite(folder, 'emotions.csv', (text) => text.replace('joy', 'boy'))
    await t.rejects(loadDatabases(folder), /emotions/)
  })
  t.test('a row removed', async (t) => {
    const folder = await copied(t)
    await rewrite(folder, 'orders.csv', (text) => text.replace(/^v1\.0\.0,Anura.*\n/m, ''))
    await t.rejects(loadDatabases(folder), /orders/)
  })
  t.test('a file missing', async (t) => {
    const folder = await copied(t)
    await rm(join(folder, 'gazes.csv'))
    await t.rejects(loadDatabases(folder), /gazes/)
  })
  t.test('a table that the manifest does not list', async (t) => {
    const folder = await copied(t)
    await rewrite(folder, 'manifest.json', (text) => text.replace('"tropes"', '"hopes"'))
    await t.rejects(loadDatabases(folder), /tropes/)
  })
  t.test('no manifest', async (t) => {
    const folder = await copied(t)
    await writeFile(join(folder, 'manifest.json'), '{"version": 1}')
    await t.rejects(loadDatabases(folder), /manifest/)
  })
})

/** Tables in the manner of the Go library's archive: `v0.1.0,` before every row, whatever a spreadsheet left between. */
const GO: Record<string, string[]> = {
  actions: ['v0.1.0,running,moving fast', 'v0.1.0,sitting'],
  adjectives: ['v0.1.0,amber,of the colour', 'v0.1.0,brave,without fear', 'v0.1.0,calm,at rest'],
  adverbs: [
    'v0.1.0,abruptly,"all at once, and without a word"',
    'no-version-ly,as it came',
    'v0.1.0,boldly',
    '',
    'v0.1.0,calmly,at ease'
  ],
  artstyles: [
    'v0.1.0,cubism,modern,,flattens',
    'v0.1.0,icon,old,sensitive,gilds',
    'v0.1.0,fauvism,modern,,glows'
  ],
  backstyles: ['v0.1.0,a plain [{Color3}] wall', 'v0.1.0,stripes'],
  colors: ['v0.1.0,azure,#f0ffff', 'v0.1.0,beige,#f5f5dc', 'v0.1.0,coral,#ff7f50'],
  compositions: ['v0.1.0,diagonal,lines,leaning'],
  emotions: ['v0.1.0,joy,joy,positive,English,gladness', 'v0.1.0,awe'],
  gazes: ['v0.1.0,upwards,as if it rained'],
  litstyles: ['v0.1.0,fable,tells', 'v0.1.0,saga,recalls'],
  nouns: ['v0.1.0,otter,Mustelidae', 'v0.1.0,owl, Strigidae', 'v0.1.0,chimera,Nowhere', 'v0.1.0,sphinx'],
  occupations: ['v0.1.0,baker,bakes bread', 'v0.1.0,pilot'],
  places: ['v0.1.0,the Eiffel Tower,Paris,France'],
  tropes: ['v0.1.0,the quest,journey,goes far'],
  viewpoints: ['v0.1.0,close-up,near,filling all'],
  families: ['v0.1.0,Mustelidae,Carnivora,weasels', 'v0.1.0,Strigidae,Strigiformes,owls'],
  orders: ['v0.1.0,Carnivora,Mammalia,carnivores', 'v0.1.0,Strigiformes,Aves'],
  classes: ['v0.1.0,Mammalia,Chordata,mammal', 'v0.1.0,Aves,Chordata,bird'],
  phyla: ['v0.1.0,Chordata,chordate']
}

async function goFolder(t: Test): Promise<{ dataDir: string; folder: string }> {
  const dataDir = await temporaryFolder(t)
  const folder = join(dataDir, 'databases')
  await mkdir(folder)
  for (const [name, rows] of Object.entries(GO)) {
    await writeFile(
      join(folder, `${name}.csv`),
      ['version,first,second', ...rows, ''].join(name === 'colors' ? '\r\n' : '\n')
    )
    await writeFile(join(folder, `._${name}.csv`), Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]))
  }
  await writeFile(join(folder, 'manifest.json'), '{"manifestVersion": "1.0.0"}')
  await writeFile(join(folder, 'date.txt'), '2024')
  return { dataDir, folder }
}

const loadFrom = async (dataDir: string) => await loadUserDatabases(createFiles({ root: dataDir }))

t.test('npm run dress prints a dress and its prompts', async (t) => {
  const dress = async (dataDir: string, ...args: string[]) =>
    await promisify(execFile)(process.execPath, [join(PACKAGE_ROOT, 'dist/test/tools/dress.js'), ...args], {
      cwd: dataDir,
      env: { PATH: process.env.PATH, TB_DALLE_DATA_DIR: dataDir }
    }).catch(({ code, stdout, stderr }) => ({ code, stdout, stderr }))
  const { dataDir, folder } = await goFolder(t)
  const empty = await temporaryFolder(t)

  const built = await dress(empty, 'birds', ADDRESS.toUpperCase().replace('0X', '0x'))
  t.equal(built.stderr, '')
  t.ok(built.stdout.startsWith(`${ADDRESS} in birds: Feathered company`), built.stdout.slice(0, 100))
  t.match(built.stdout, databases.hash)
  t.match(built.stdout, /^noun +\d+ of 2\d\d +[^|]+( \| [^|]+)* \| bird \| chordate$/m)
  for (const { name } of ATTRIBUTES) t.match(built.stdout, new RegExp(`^${name} +\\d+ of \\d+ +\\S`, 'm'))
  for (const kind of ['title', 'terse', 'prompt', 'technical']) {
    t.match(built.stdout, new RegExp(`^${kind}\\n\\S`, 'm'))
  }
  t.match(
    (await dress(dataDir, 'empty', ADDRESS)).stdout,
    /^adverb +4 of 4 +calmly \| at ease$/m,
    'the databases of the data folder'
  )

  t.match(await dress(empty), { code: 2, stderr: /^Usage: npm run dress -- <series> <address>\n$/ })
  t.match(await dress(empty, 'birds', '0x12'), {
    code: 2,
    stderr: /^"0x12" is not an address: 0x and 40 hexadecimal digits are wanted\.\n$/
  })
  t.match(await dress(empty, 'brids', ADDRESS), {
    code: 2,
    stderr: /^"brids" is not a series; there are archetypes, .*\.\n$/
  })
  await rm(join(folder, 'gazes.csv'))
  t.match(await dress(dataDir, 'empty', ADDRESS), {
    code: 2,
    stderr: /^databases\/gazes\.csv is missing .*\n$/
  })
})

t.test('databases in the data folder', async (t) => {
  t.test('replace the built-in ones whole, read as the Go library reads its archive', async (t) => {
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
  })

  t.test('rows that read well in prompts do so whatever columns they lack', async (t) => {
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

  t.test('are what the service works with', async (t) => {
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

  t.test('the same files are the same databases', async (t) => {
    const dataDir = await temporaryFolder(t)
    await cp(BUILT_IN_DATABASES, join(dataDir, 'databases'), { recursive: true })
    t.same(await loadFrom(dataDir), databases)
  })

  t.test('without a version are called so', async (t) => {
    const { dataDir, folder } = await goFolder(t)
    for (const [name, rows] of Object.entries(GO)) {
      await writeFile(join(folder, `${name}.csv`), ['header', ...rows].join('\n').replaceAll('v0.1.0,', ''))
    }
    t.match(await loadFrom(dataDir), {
      version: 'unversioned',
      rows: { actions: ['running,moving fast', 'sitting'] }
    })
  })

  t.test('are those of the service where there are none', async (t) => {
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

  t.test('that lack a file or have a broken one are named', async (t) => {
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
        /^databases\/gazes\.csv in the data folder cannot be read: .*EISDIR$/
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
})
