import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Test } from 'tap'
import { temporaryFolder } from '../../helper.ts'

/**
 * Tables in the form of the Go library's archive: `v0.1.0,` before the rows, and irregular rows as spreadsheets
 * write them.
 */
export const GO: Record<string, string[]> = {
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

export async function goFolder(t: Test): Promise<{ dataDir: string; folder: string }> {
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
